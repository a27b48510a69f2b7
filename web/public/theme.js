// Runs before the first paint, so that a chosen theme does not flash in the other one. The policy of the page forbids inline code.
try {
  const theme = localStorage.getItem('pipewright.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the theme of the system is used.
}
