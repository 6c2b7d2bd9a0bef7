interface Palette {
  readonly [name: string]: string;
}

const light: Palette = {
  bg: '#ffffff',
  panel: '#f6f7f9',
  text: '#1b212b',
  muted: '#566070',
  line: '#dce0e6',
  link: '#0b5cad',
  error: '#c8323a',
  warning: '#b06f00',
  information: '#2f74c0',
  hint: '#78828f',
  clear: '#2c8553',
  focus: '#0b5cad',
};

const dark: Palette = {
  bg: '#14181f',
  panel: '#1b212b',
  text: '#e6e9ee',
  muted: '#a3adba',
  line: '#303947',
  link: '#82b7f2',
  error: '#f2686f',
  warning: '#e0a43c',
  information: '#6aa8ee',
  hint: '#8c97a6',
  clear: '#5abf86',
  focus: '#82b7f2',
};

/** For those who ask for more contrast: lines as strong as the text, and no grey that says less. */
const lightContrast: Palette = {
  ...light,
  panel: '#ffffff',
  text: '#000000',
  muted: '#1f2732',
  line: '#000000',
  link: '#003d80',
  error: '#a0000a',
  warning: '#7a4600',
  information: '#003d80',
  hint: '#3b444f',
  clear: '#00562a',
  focus: '#003d80',
};

const darkContrast: Palette = {
  ...dark,
  bg: '#000000',
  panel: '#000000',
  text: '#ffffff',
  muted: '#e3e7ec',
  line: '#ffffff',
  link: '#a8d1ff',
  error: '#ff8f94',
  warning: '#ffc861',
  information: '#9cccff',
  hint: '#c6cdd6',
  clear: '#8be8b1',
  focus: '#ffd54a',
};

/** System colours, where the user's own stand in place of all others: marks differ by form and by words then. */
const forced: Palette = {
  bg: 'Canvas',
  panel: 'Canvas',
  text: 'CanvasText',
  muted: 'CanvasText',
  line: 'CanvasText',
  link: 'LinkText',
  error: 'CanvasText',
  warning: 'CanvasText',
  information: 'CanvasText',
  hint: 'CanvasText',
  clear: 'CanvasText',
  focus: 'Highlight',
};

/** What an editor's theme says wins over all of them but the forced ones. */
const themed: Readonly<Record<string, string>> = {
  bg: '--vscode-editor-background',
  panel: '--vscode-sideBar-background',
  text: '--vscode-editor-foreground',
  muted: '--vscode-descriptionForeground',
  line: '--vscode-contrastBorder, var(--vscode-panel-border',
  link: '--vscode-textLink-foreground',
  error: '--vscode-editorError-foreground',
  warning: '--vscode-editorWarning-foreground',
  information: '--vscode-editorInfo-foreground',
  hint: '--vscode-descriptionForeground',
  clear: '--vscode-testing-iconPassed',
  focus: '--vscode-focusBorder',
};

/** Every colour of the page, as custom properties: by the editor's theme, else by what the reader's system asks for. */
export const palette = `:root{${Object.entries(themed)
  .map(([name, own]) => `--${name}:var(${own},var(--own-${name}))${own.includes('(') ? ')' : ''}`)
  .join(';')}}
${owned(light, 'own-')}
@media (prefers-color-scheme:dark){${owned(dark, 'own-')}}
@media (prefers-contrast:more){${owned(lightContrast, 'own-')}}
@media (prefers-contrast:more) and (prefers-color-scheme:dark){${owned(darkContrast, 'own-')}}
@media (forced-colors:active){${owned(forced, '')}}
@media print{${owned(light, '')}}
`;

/** By name, the colours that the page has of its own: what tests measure. */
export const palettes = { light, dark, lightContrast, darkContrast };

function owned(colours: Palette, prefix: string): string {
  return `:root{${Object.entries(colours)
    .map(([name, value]) => `--${prefix}${name}:${value}`)
    .join(';')}}`;
}
