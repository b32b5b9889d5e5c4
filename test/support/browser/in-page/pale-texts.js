/** Visible texts whose contrast with what is behind them is below WCAG AA: 4.5, or 3 where the text is large. */
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /** Paints the colours over each other, so that every notation and transparency comes out as a plain colour. */
  function paint(colours) {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
  }

  function luminance(rgb) {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function behind(element) {
    const colours = [];
    for (let el = element; el !== null; el = el.parentElement)
      colours.unshift(getComputedStyle(el).backgroundColor);
    return ['Canvas', ...colours];
  }

  function contrast(element, style) {
    const backdrop = behind(element);
    const [dark, light] = [luminance(paint(backdrop)), luminance(paint([...backdrop, style.color]))].sort(
      (a, b) => a - b,
    );
    return (light + 0.05) / (dark + 0.05);
  }

  function minimum(style) {
    const size = parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  }

  const found = new Set();

  function judge(element, style, text) {
    const ratio = contrast(element, style);
    if (ratio >= minimum(style)) return;
    const name = [element.tagName.toLowerCase(), ...element.classList].join('.');
    found.add(`${name} "${text.trim().slice(0, 30)}" has ${ratio.toFixed(2)}`);
  }

  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true]');

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: element } = texts.currentNode;
    if (data.trim() !== '' && isShown(element)) judge(element, getComputedStyle(element), data);
  }
  for (const field of document.querySelectorAll('[placeholder]')) {
    if (isShown(field)) judge(field, getComputedStyle(field, '::placeholder'), field.placeholder);
  }
  return Array.from(found);
})();
