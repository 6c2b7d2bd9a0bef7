import { html, type Html } from './escape';
import { isFile, layOut, letter, nodeHeight, type Picture, type PictureEdge, type PictureNode } from './layers';
import { andMore, capped, counted, section } from './lists';
import { textOf, type RiskPath } from './riskPaths';

const mostEnds = 14;
const mostDrawn = 36;
const mostTold = 150;

/** The ways by which bad releases come into the project: as a picture, and below it in words. */
export function pathsSection(paths: readonly RiskPath[]): Html {
  if (!paths.length)
    return section(
      'paths',
      'How risk comes in',
      undefined,
      html`<p class="empty">No dependency path leads to a release that something is known against.</p>`,
    );
  const drawn = chosen(paths);
  const ends = new Set(paths.map(({ steps }) => steps.at(-1)!.key)).size;
  const left = paths.length - drawn.length;
  return section(
    'paths',
    'How risk comes in',
    `${counted(paths.length, 'path')} from a manifest to ${counted(ends, 'release')} that something is known against.${left > 0 ? ` The picture shows ${drawn.length} of them, the worst; the list below holds ${paths.length > mostTold ? 'more' : 'all'}.` : ''}`,
    html`${picture(layOut(drawn), drawn)}
      <details class="told" ${paths.length <= 6 && html` open`}>
        <summary>The paths in words</summary>
        <ol>
          ${capped(
            paths,
            mostTold,
            (path) =>
              html`<li>
                <span class="dot ${path.tone}" aria-hidden="true"></span><span class="mono">${textOf(path)}</span>
                <span class="muted">${path.words}</span>
              </li>`,
            (rest) => andMore(rest),
          )}
        </ol>
      </details>`,
  );
}

/** The worst ends, and of each the shortest ways; so many that the picture can still be read. */
function chosen(paths: readonly RiskPath[]): readonly RiskPath[] {
  const ends = new Map<string, number>();
  const drawn: RiskPath[] = [];
  for (const path of paths) {
    const end = path.steps.at(-1)!.key;
    const ways = ends.get(end);
    if (ways === undefined ? ends.size >= mostEnds : ways >= 4) continue;
    ends.set(end, (ways ?? 0) + 1);
    drawn.push(path);
    if (drawn.length === mostDrawn) break;
  }
  return drawn;
}

function picture({ nodes, edges, width, height }: Picture, paths: readonly RiskPath[]): Html {
  const text = paths.map((path) => `${textOf(path)}: ${path.words}.`).join(' ');
  return html`<div class="scroll" role="region" aria-label="Picture of the dependency paths" tabindex="0">
    <svg
      class="graph"
      role="img"
      aria-labelledby="paths-svg-title paths-svg-text"
      viewBox="0 0 ${width} ${height}"
      width="${width}"
      height="${height}"
    >
      <title id="paths-svg-title">Dependency paths that carry risk</title>
      <desc id="paths-svg-text">${text}</desc>
      <g>${edges.map(({ tone, points }) => html`<path class="edge ${tone}" d="${curve(points)}" />`)}</g>
      <g>${nodes.map(node)}</g>
    </svg>
  </div>`;
}

function node({ step, fault, x, y, width }: PictureNode): Html {
  const room = Math.floor((width - 22) / letter);
  const file = isFile(step);
  const kind = fault ? fault.tone : file ? 'manifest' : 'way';
  const below = [step.release, fault?.mark].filter(Boolean).join(' · ') || (file ? folderOf(step.name) : '');
  const name = file ? baseOf(step.name) : step.name;
  const top = y - nodeHeight / 2;
  return html`<g class="node ${kind}">
    <title>${[step.name, step.release, fault?.words].filter(Boolean).join(' · ')}</title>
    <rect x="${x}" y="${top}" width="${width}" height="${nodeHeight}" rx="6" />
    ${fault && html`<rect class="side" x="${x}" y="${top + 6}" width="4" height="${nodeHeight - 12}" rx="2" />`}
    <text class="name" x="${x + 12}" y="${top + (below ? 18 : 26)}">${shortened(name, room)}</text>
    ${below && html`<text class="below" x="${x + 12}" y="${top + 33}">${shortened(below, Math.floor(room * 1.09))}</text>`}
  </g>`;
}

/** From gap to gap: level at each point, so that an edge bends between columns alone. An edge that leads back makes a wide turn. */
function curve(points: PictureEdge['points']): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      if (!before) return `M${x} ${y}`;
      const bend = x > before[0] ? (x - before[0]) / 2 : 40;
      return `C${before[0] + bend} ${before[1]} ${x - bend} ${y} ${x} ${y}`;
    })
    .join('');
}

/** The end of a name says more than its middle. */
function shortened(text: string, room: number): string {
  const letters = [...text];
  return letters.length <= room
    ? text
    : `${letters.slice(0, Math.ceil(room * 0.6) - 1).join('')}…${letters.slice(-Math.floor(room * 0.4)).join('')}`;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}
