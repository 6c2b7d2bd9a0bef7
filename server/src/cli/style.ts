import { styleText } from 'node:util';
import type { Style } from '../render/text';

/** Colours for a terminal; none for a pipe, or where NO_COLOR asks for none. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const paint = (format: 'red' | 'yellow' | 'blue' | 'dim' | 'bold') => (text: string) =>
    stream.isTTY && !process.env.NO_COLOR ? styleText(format, text) : text;
  return { red: paint('red'), yellow: paint('yellow'), blue: paint('blue'), dim: paint('dim'), bold: paint('bold') };
}
