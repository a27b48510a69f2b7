/**
 * Kubernetes' `$(NAME)` in the value of an environment variable: replaced by the variable's value if there is one, left as it is
 * otherwise; `$$` stands for `$` (k8s.io third_party/forked/golang/expansion).
 */
export function expandVariables(text: string, valueOf: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$(\$|\(([^()]*)\))/g, (whole, what: string, name: string | undefined) =>
    what === '$' ? '$' : (valueOf(name ?? '') ?? whole),
  );
}
