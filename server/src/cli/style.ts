import type { Style } from '../render/text';

/** SGR parameters (ECMA-48): what sets a style, and what takes it back. */
const codes = { red: [31, 39], yellow: [33, 39], blue: [34, 39], dim: [2, 22], bold: [1, 22] } as const;

/** Colours for a terminal; none for a pipe, or where NO_COLOR asks for none. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const paint = (format: keyof typeof codes) => (text: string) => {
    const [on, off] = codes[format];
    return stream.isTTY && !process.env.NO_COLOR ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  return { red: paint('red'), yellow: paint('yellow'), blue: paint('blue'), dim: paint('dim'), bold: paint('bold') };
}
