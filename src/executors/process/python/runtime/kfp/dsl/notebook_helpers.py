"""The function a notebook component calls. The source of such a component replaces it by one that runs its embedded notebook."""


def run_notebook(**parameters):
    raise NotImplementedError("dsl.run_notebook works inside a notebook component only; it was called with: %s" % ", ".join(parameters))
