/** Of the two pictures and the bars. Shapes take the page's colours, so that they follow every theme. */
export const pictureStyles = `svg{display:block;max-width:none}
.bar .error{fill:var(--error)}.bar .warning{fill:var(--warning)}.bar .information{fill:var(--information)}.bar .hint{fill:var(--hint)}
svg text{fill:var(--text);font-family:var(--vscode-editor-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace);font-size:12px}
.node rect{fill:var(--bg);stroke:var(--line);stroke-width:1.25}
.node.manifest rect{fill:var(--panel)}
.node .name{font-weight:600}
.node .below{font-size:11px}
.node.error rect,.node.warning rect,.node.information rect,.node.hint rect{stroke:var(--tone);stroke-width:1.75}
.node .side{fill:var(--tone)!important;stroke:none!important}
.edge{fill:none;stroke:var(--hint);stroke-width:1.5}
.edge.error{stroke:var(--error);stroke-width:2}
.edge.warning{stroke:var(--warning);stroke-width:1.75}
.timeline{min-width:760px}
.timeline text{font-family:inherit;font-size:12px}
.axis,.tick{stroke:var(--hint)}
.tick-text{fill:var(--muted)}
.band{fill:var(--warning);opacity:.13}
.limit{stroke:var(--text);stroke-dasharray:4 3}
.limit-text{font-weight:600}
.pile.plain,.swatch.plain{fill:var(--information);background:var(--information)}
.pile.young,.swatch.young{fill:var(--warning);background:var(--warning)}
.pile.bad,.swatch.bad{fill:var(--error);background:var(--error)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:13.5px;color:var(--muted)}
.swatch{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:7px}
@media (forced-colors:active){.pile.young,.pile.bad{stroke:CanvasText;stroke-width:1}.pile.plain{fill:Canvas;stroke:CanvasText}}
`;
