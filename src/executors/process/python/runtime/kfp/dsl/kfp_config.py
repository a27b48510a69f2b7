"""`kfp_config.ini` in the working folder of a containerized component: which file holds which function."""
import configparser

FILE = "kfp_config.ini"
SECTION = "Components"


def read_components(file=FILE):
    parser = configparser.ConfigParser()
    parser.optionxform = str  # Function names keep their case.
    parser.read(file)
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}


def path_of_component(function):
    components = read_components()
    if function not in components:
        known = ", ".join(sorted(components)) or "none"
        raise RuntimeError("No component %r in %s of the working folder (it names: %s)." % (function, FILE, known))
    return components[function]
