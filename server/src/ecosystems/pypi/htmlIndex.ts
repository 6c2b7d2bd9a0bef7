import type { PackageRecord } from '../../core/release';
import { parseDistributionFile } from './distributionFile';
import { collectReleases, digestOf } from './collectedReleases';

// A project page of the simple API in HTML (PEP 503, which PEP 833 has frozen): `<a href="…/FILE#sha256=HEX" data-yanked="reason">`, one for each
// file. It has no times and no status, so these stay unknown. Private indexes have nothing else.

const longestTag = 2000;
const mostAnchors = 60_000;

/** What such a page says of the project (a normalized name); `undefined` for any page that links to no distribution of it. */
export function recordInHtml(page: string, project: string): PackageRecord | undefined {
  const collection = collectReleases(project);
  let own = 0;
  let at = 0;
  for (let count = 0; count < mostAnchors; count++) {
    at = page.indexOf('<a', at);
    if (at < 0) break;
    const tag = /^<a\s((?:[^<>"']|"[^"]*"|'[^']*')*)>/i.exec(page.slice(at, at + longestTag));
    at += 2;
    const [href, yanked] = tag ? attributes(tag[1]!) : [];
    const [path = '', fragment = ''] = href?.split('#') ?? [];
    const fileName = decoded(path.slice(path.lastIndexOf('/') + 1).replace(/\?.*$/s, ''));
    if (parseDistributionFile(fileName, project)?.name !== project) continue;
    own++;
    collection.addFile({ fileName, yanked: yanked ?? false, ...digestOf(/(?:^|&)sha256=([0-9a-fA-F]{64})/.exec(fragment)?.[1]) });
  }
  return own > 0 ? { exists: true, releases: collection.releases() } : undefined;
}

/** Of a tag's inside the address, and the reason of a yank (`''` where none is given). */
function attributes(text: string): [href: string | undefined, yanked: string | undefined] {
  let href: string | undefined;
  let yanked: string | undefined;
  for (const [, name, double, single, bare] of text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g)) {
    const value = unescaped(double ?? single ?? bare ?? '');
    if (name!.toLowerCase() === 'href') href ??= value;
    if (name!.toLowerCase() === 'data-yanked') yanked ??= value;
  }
  return [href, yanked];
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#(?:39|x27);/gi, "'")
    .replaceAll('&amp;', '&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
