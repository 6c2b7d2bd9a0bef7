import type { Report } from '../../core/report';
import { dateText } from '../dates';
import { aiPackages } from './aiPackages';
import { constant, html, type Html } from './escape';
import type { ReportFacts } from './facts';
import { findingsSection } from './findings';
import { notCheckedSection } from './notChecked';
import { pathsSection } from './paths';
import { releaseAges } from './releaseAges';
import { riskPaths } from './riskPaths';
import { rolesSection } from './roles';
import { script } from './script';
import { styles } from './styles';
import { summary } from './summary';
import { timelineSection } from './timeline';

/**
 * A report as a page of its own: nothing is loaded from anywhere, and its policy forbids it. The style sheet and the one script are let in by
 * their digests, so nothing else that might stand in the page can run. The same report, facts and time give the same bytes.
 */
export function reportPage(report: Report, facts: ReportFacts): string {
  const packages = aiPackages(report, facts);
  const title = `Merlon: ${facts.name}`;
  const page = html`<!doctype html>
    <html lang="en" ${facts.inEditor && html` class="in-editor"`}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(facts.sha256)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="${facts.tool.name} ${facts.tool.version}" />
        <title>${title}</title>
        ${constant(`<style>${styles}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header>
          <div class="brand">${logo}<span>${facts.tool.name}</span></div>
          <h1>${facts.name}</h1>
          <p class="asof">AI dependencies, as of <time datetime="${facts.now.toISOString()}">${dateText(facts.now)}</time></p>
          ${facts.inEditor && html`<p class="buttons"><button type="button" data-command="check">Check again</button><button type="button" data-command="save">Save as a file…</button></p>`}
        </header>
        <nav aria-label="Sections">
          <ul>
            <li><a href="#findings">Findings</a></li>
            <li><a href="#roles">AI packages</a></li>
            <li><a href="#paths">How risk comes in</a></li>
            <li><a href="#ages">Age of releases</a></li>
            <li><a href="#unchecked">What was not checked</a></li>
          </ul>
        </nav>
        <main id="main" tabindex="-1">
          ${summary(report, packages.length)} ${findingsSection(report, facts)} ${rolesSection(packages, facts)}
          ${pathsSection(riskPaths(report))} ${timelineSection(releaseAges(report, facts), facts.now)} ${notCheckedSection(report, facts)}
        </main>
        <footer><p>Written by ${facts.tool.name} ${facts.tool.version}. This page loads nothing and sends nothing.</p></footer>
        ${constant(`<script>${script}</script>`)}
      </body>
    </html> `;
  return page.markup;
}

/** What the page may do: show its own style sheet and run its own script. */
export function contentSecurityPolicy(sha256: (text: string) => string): string {
  return [
    `default-src 'none'`,
    `style-src 'sha256-${sha256(styles)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

const logo: Html = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M1 8h4v4h4V3h6v9h4V8h4v13H1z" /></svg>`;
