/** Fields and buttons that a screen reader could not name. */
(() => {
  const controls = document.querySelectorAll(
    'input:not([type=hidden]), textarea, select, button, a, summary',
  );
  return Array.from(controls)
    .filter((control) => {
      const label = control.labels?.[0]?.textContent ?? '';
      const image = control.querySelector('img')?.alt ?? '';
      return [control.getAttribute('aria-label'), label, image, control.textContent].every(
        (name) => !name?.trim(),
      );
    })
    .map((control) => control.outerHTML.slice(0, 100));
})();
