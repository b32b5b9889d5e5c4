/** Of the page's background: 0 is black, 1 is white. */
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colours = [document.documentElement, document.body].map((el) => getComputedStyle(el).backgroundColor);
  canvas.fillStyle = 'white';
  canvas.fillRect(0, 0, 1, 1);
  for (const colour of colours) {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
  }
  const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
  return (r + g + b) / 3 / 255;
})();
