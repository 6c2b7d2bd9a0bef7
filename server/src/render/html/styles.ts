import { palette } from './palette';
import { pictureStyles } from './pictureStyles';

/** The style sheet. Colours repeat what words say: text is always in the colour of text, severities are marks beside it. */
export const styles = `${palette}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{color-scheme:light dark;scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:0 28px 64px;max-width:1120px;background:var(--bg);color:var(--text);font:15px/1.5 var(--vscode-font-family,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.2;letter-spacing:-.01em;margin:0}
h1{font-size:30px;font-weight:650}
h2{font-size:21px;font-weight:650}
h3{font-size:15px;font-weight:600}
p{margin:0}
ul,ol,dl,dd{margin:0;padding:0}
ul{list-style:none}
a{color:var(--link);text-underline-offset:2px;text-decoration-thickness:1px}
.mono,.place,.rule h3,.card h3{font-family:var(--vscode-editor-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace);font-size:.93em;letter-spacing:0}
.muted,.about,.lead,.asof,.title,footer{color:var(--muted)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
button,input{font:inherit;color:inherit}
button{padding:4px 12px;border:1px solid var(--line);border-radius:6px;background:var(--panel);cursor:pointer}
button:hover{border-color:var(--text)}
.skip{position:absolute;left:-9999px}
.skip:focus{left:16px;top:12px;padding:8px 12px;background:var(--bg);border:1px solid var(--line);z-index:2}
header{display:grid;grid-template-columns:1fr auto;gap:2px 20px;align-items:end;padding:34px 0 16px}
.brand{grid-column:1/-1;display:flex;gap:8px;align-items:center;font-weight:600;margin-bottom:14px}
.brand svg{fill:currentColor}
h1{grid-column:1}
.asof{grid-column:1}
header .buttons{grid-column:2;grid-row:2/4;display:flex;gap:8px;flex-wrap:wrap}
nav{position:sticky;top:0;z-index:1;background:var(--bg);border-bottom:1px solid var(--line)}
nav ul{display:flex;gap:2px 22px;padding:10px 0;overflow-x:auto;scrollbar-width:none}
nav a{color:var(--text);text-decoration:none;white-space:nowrap;padding:2px 0}
nav a:hover{text-decoration:underline}
section{margin-top:44px;scroll-margin-top:56px}
section>.lead{margin:6px 0 16px;max-width:76ch}
section>h3{margin:26px 0 8px}
.empty{margin-top:12px;padding:16px 18px;border:1px dashed var(--line);border-radius:8px;color:var(--muted)}
.verdict{margin-top:26px;padding:18px 22px;border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;background:var(--panel)}
.verdict h2{font-size:24px;margin-bottom:4px}
.verdict ul{margin-top:8px;padding-left:18px;list-style:disc}
.verdict.error{--tone:var(--error)}.verdict.warning{--tone:var(--warning)}.verdict.clear{--tone:var(--clear)}.verdict.open{--tone:var(--text)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:12px;margin-top:16px}
.tile{display:flex;flex-direction:column-reverse;justify-content:flex-end;padding:12px 14px 12px;border:1px solid var(--line);border-top:4px solid var(--tone);border-radius:8px}
.tile dd{font-size:34px;font-weight:640;line-height:1.1;letter-spacing:-.02em}
.tile dt{color:var(--muted);font-size:14px;line-height:1.35}
.tile.error{--tone:var(--error)}.tile.warning{--tone:var(--warning)}.tile.information{--tone:var(--information)}.tile.plain,.tile.none{--tone:var(--line)}
.tile.none dd{font-weight:400}
.controls{display:flex;flex-wrap:wrap;gap:10px 22px;align-items:center;margin-bottom:14px}
.controls label{display:inline-flex;gap:7px;align-items:center}
.controls input[type=search]{width:min(280px,60vw);padding:5px 10px;border:1px solid var(--hint);border-radius:6px;background:var(--bg)}
.controls input::placeholder{color:var(--muted);opacity:1}
.controls fieldset{display:flex;flex-wrap:wrap;gap:4px 16px;border:0;margin:0;padding:0}
.controls legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.controls .buttons{display:flex;gap:8px}
.controls output{color:var(--muted)}
details>summary{cursor:pointer}
.rule{border-top:1px solid var(--line)}
.rule:last-of-type{border-bottom:1px solid var(--line)}
.rule>summary{display:grid;grid-template-columns:16px auto 1fr auto auto;gap:4px 14px;align-items:center;padding:11px 0;list-style:none}
.rule>summary::-webkit-details-marker{display:none}
.rule>summary::before{content:"";width:7px;height:7px;border:solid var(--muted);border-width:0 2px 2px 0;transform:rotate(-45deg);margin-left:2px}
.rule[open]>summary::before{transform:rotate(45deg)}
.rule>summary .count{min-width:3ch;text-align:right;font-weight:600;font-size:17px}
.rule .title{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.rule[open] .title{white-space:normal}
.rule .rows{padding:0 0 4px 30px}
.rule>.about{padding:2px 0 16px 30px;font-size:13.5px}
.further>summary{padding:10px 0 10px 30px;border-top:1px solid var(--line);color:var(--muted)}
.finding{display:grid;grid-template-columns:92px 1fr;gap:14px;padding:10px 0;border-top:1px solid var(--line)}
.finding:first-child{border-top:0}
.severity{font-size:13.5px;display:inline-flex;gap:7px;align-items:baseline;padding-top:1px}
.severity::before,.dot{content:"";flex:none;display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--tone)}
.severity.error::before,.dot.error{border-radius:1px}
.severity.warning::before,.dot.warning{border-radius:50% 50% 0 0;}
.dot{margin-right:8px}
.error{--tone:var(--error)}.warning{--tone:var(--warning)}.information{--tone:var(--information)}.hint{--tone:var(--hint)}.clear{--tone:var(--clear)}.open{--tone:var(--muted)}
.dot.open{background:none;border:2px solid var(--muted)}
.finding.suppressed{grid-template-columns:190px 1fr}
.message{max-width:84ch}
.details{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 18px;margin-top:2px;font-size:13.5px;color:var(--muted)}
.fix{margin-top:2px;font-size:13.5px}
.word{color:var(--muted);margin-right:6px}
.place{color:var(--muted)}
button.place{padding:0;border:0;background:none;color:var(--link);text-decoration:underline;text-underline-offset:2px;text-align:left}
.more{padding:10px 0;color:var(--muted)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px;align-items:start}
.card{border:1px solid var(--line);border-radius:10px;padding:16px 18px 10px}
.card h3{display:flex;justify-content:space-between;gap:10px;font-size:15px}
.card .count{font-weight:400;color:var(--muted)}
.card>.about{font-size:13.5px;line-height:1.4;margin:4px 0 10px}
.card details{border-top:1px solid var(--line);padding:8px 0}
.package{display:grid;grid-template-columns:20px 1fr;gap:10px;padding:9px 0;border-top:1px solid var(--line)}
.package .name{font-weight:600}
.package .state{font-size:13.5px}
.package .where{font-size:13px;color:var(--muted)}
.mark{width:20px;height:20px;margin-top:2px;border:2px solid var(--tone);border-radius:50%;display:grid;place-items:center;font-size:12px;font-weight:700;line-height:1}
.mark.error{border-radius:4px}
.scroll{overflow-x:auto;padding:4px 0}
.told{margin-top:10px}
.told>.muted{margin-top:10px}
.told>summary{padding:6px 0}
.told ol{padding-left:30px}
.told li{padding:4px 0}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:baseline;padding:8px 18px 8px 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:normal}
thead th{font-weight:400;color:var(--muted);white-space:nowrap}
tbody th{font-weight:600}
td:nth-child(2),td:nth-child(3){white-space:nowrap}
.gaps{padding:4px 0 4px 18px;list-style:disc;border-left:6px solid var(--error);padding-left:34px}
.gaps li{padding:3px 0}
footer{margin-top:56px;padding-top:14px;border-top:1px solid var(--line);font-size:13.5px}
${pictureStyles}
@media (max-width:640px){
body{padding:0 16px 40px}
header{grid-template-columns:1fr;padding-top:20px}
header .buttons{grid-column:1;grid-row:auto;margin-top:8px}
h1{font-size:25px}
.tiles{grid-template-columns:repeat(2,1fr)}
.rule>summary{grid-template-columns:16px 1fr auto}
.rule .title{grid-column:2/-1;grid-row:2;white-space:normal}
.rule .bar{display:none}
.rule .rows,.rule>.about{padding-left:0}
.finding,.finding.suppressed{grid-template-columns:1fr;gap:2px}
.cards{grid-template-columns:1fr}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media (forced-colors:active){.severity::before,.dot,.swatch{forced-color-adjust:none}}
@media print{
body{max-width:none;padding:0;font-size:11pt}
nav,.skip,.controls,header .buttons{display:none}
.card,.finding,.rule>summary,svg,tr{break-inside:avoid}
h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}
.scroll svg{max-width:100%;height:auto}
}
`;
