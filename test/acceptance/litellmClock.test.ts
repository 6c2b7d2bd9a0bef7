import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtPrograms } from '../support/built';
import { hermetic, scratch } from '../support/cli';
import { messages } from '../support/editor';
import { startFakeOsv } from '../support/fakeOsv';
import { inventedDigest, startFakeRegistry, type FakePypiRelease } from '../support/fakeRegistry';
import { applied, startLspClient } from '../support/lspClient';
import { createStory, itTells, type Moment, type Story } from '../support/story';

// The compromise of litellm in March 2026 with a clock that moves: what was said before anybody knew, while it was going on,
// and after. Merlon brings what is known of litellm along, so the same history is told of a package that it has never heard of.

const uploads: Readonly<Record<string, string>> = {
  '1.81.13': '2026-02-17T10:00:00Z',
  '1.82.0': '2026-03-01T10:00:00Z',
  '1.82.6': '2026-03-14T10:00:00Z',
  '1.82.7': '2026-03-24T10:39:00Z',
  '1.82.8': '2026-03-24T10:52:00Z',
  '1.83.0': '2026-03-30T12:00:00Z',
  '1.83.7': '2026-04-22T12:00:00Z',
  '1.84.0': '2026-05-04T12:00:00Z',
};
const releases = (...versions: string[]): FakePypiRelease[] => versions.map((version) => ({ version, published: uploads[version]! }));
const first = ['1.81.13', '1.82.0', '1.82.6'];

// PyPI's records have no summary.
const details = 'Two releases of tidellm were uploaded with a stolen token, containing malware that reads credentials.';

/** What two databases wrote, hours later. */
function attack(id: string, ...aliases: string[]): object {
  const affected = [{ package: { ecosystem: 'PyPI', name: 'tidellm' }, versions: ['1.82.7', '1.82.8'] }];
  return { id, modified: '2026-03-24T16:15:00Z', aliases, details, affected };
}

function flaw(id: string, introduced: string, fixed: string): object {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }];
  const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
  return {
    id,
    modified: '2026-05-08T00:00:00Z',
    summary: 'A flaw',
    severity,
    affected: [{ package: { ecosystem: 'PyPI', name: 'tidellm' }, ranges }],
  };
}

const project = (requirement: string) => `[project]\nname = "app"\nversion = "0"\ndependencies = ["${requirement}"]\n`;

/** uv.lock of that project, with the packages that it holds; each asks for the next. */
function lock(specifier: string, ...packages: [name: string, version: string, uploaded: string][]): string {
  const asked = (name: string | undefined) => (name === undefined ? '' : `dependencies = [{ name = "${name}" }]\n`);
  const entries = packages.map(([name, version, uploaded], i) => {
    const file = `${name}-${version}.tar.gz`;
    return `[[package]]
name = "${name}"
version = "${version}"
source = { registry = "https://pypi.org/simple" }
${asked(packages[i + 1]?.[0])}sdist = { url = "https://files.example/${file}", hash = "sha256:${inventedDigest(file)}", size = 1, upload-time = "${uploaded}" }
`;
  });
  const [first] = packages[0]!;
  return `version = 1
revision = 3
requires-python = ">=3.10"

[[package]]
name = "app"
version = "0"
source = { virtual = "." }
${asked(first)}
[package.metadata]
requires-dist = [{ name = "${first}", specifier = "${specifier}" }]

${entries.join('\n')}`;
}

const files = {
  // Every package is to be pinned, as litellm is without being told.
  'merlon.toml': '[unpinned]\nscope = "all"\n',
  'app/pyproject.toml': project('tidellm>=1.81,<2'),
  'app/uv.lock': lock('>=1.81,<2', ['tidellm', '1.81.13', uploads['1.81.13']!]),
  'bare/requirements.txt': 'tidellm\n',
  // It asks for tidellm, as dspy asks for litellm.
  'carrier/pyproject.toml': project('driftspy>=3'),
  'carrier/uv.lock': lock('>=3', ['driftspy', '3.0.3', '2026-01-10T10:00:00Z'], ['tidellm', '1.82.6', uploads['1.82.6']!]),
};

const moments: readonly Moment[] = [
  {
    at: '2026-03-19T10:39:00Z',
    what: 'T−5 days: nothing has happened',
    says: `
      bare/requirements.txt:1 warning unpinned: tidellm is not pinned: the next install takes whatever was published last
        → Pin tidellm to 1.82.6`,
    exit: 0,
  },
  {
    at: '2026-03-24T10:53:00Z',
    what: 'T0: two releases are uploaded with a stolen token',
    happens: ({ registry }) => void (registry.pypi.tidellm = { releases: releases(...first, '1.82.7', '1.82.8') }),
    says: `
      app/pyproject.toml:4 hint fresh-release: tidellm >=1.81,<2 admits 1.82.8, which was published 1 minute ago, …; app/uv.lock holds 1.81.13
      bare/requirements.txt:1 warning fresh-release: tidellm without a version takes 1.82.8, which was published 1 minute ago, …
        → Pin tidellm to 1.82.6 (passes over 1.82.7, only 14 minutes old)
      bare/requirements.txt:1 warning unpinned: …
        → Pin tidellm to 1.82.6 (passes over 1.82.8, only 1 minute old)`,
    exit: 0,
  },
  {
    at: '2026-03-24T11:12:00Z',
    what: '+20 min: nobody knows; somebody types the newest release, somebody locks anew',
    files: {
      'typed/requirements.txt': 'tidellm==1.82.8\n',
      'relocked/pyproject.toml': project('driftspy>=3'),
      'relocked/uv.lock': lock('>=3', ['driftspy', '3.0.3', '2026-01-10T10:00:00Z'], ['tidellm', '1.82.8', uploads['1.82.8']!]),
    },
    says: `
      app/pyproject.toml:4 hint fresh-release: tidellm >=1.81,<2 admits 1.82.8, which was published 20 minutes ago, …; app/uv.lock holds 1.81.13
      bare/requirements.txt:1 warning fresh-release: tidellm without a version takes 1.82.8, which was published 20 minutes ago, …
        → Pin tidellm to 1.82.6 (passes over 1.82.7, only 33 minutes old)
      bare/requirements.txt:1 warning unpinned: …
        → Pin tidellm to 1.82.6 (passes over 1.82.8, only 20 minutes old)
      relocked/pyproject.toml:4 warning fresh-release: driftspy 3.0.3 brings tidellm 1.82.8 by driftspy → tidellm, which was published 20 minutes ago, …
      typed/requirements.txt:1 warning fresh-release: tidellm 1.82.8 was published 20 minutes ago, 2026-03-24 10:52 UTC: less than the 3 days of merlon.minimumReleaseAge
        → Go back to tidellm 1.82.6 (passes over 1.82.7, only 33 minutes old)`,
    exit: 0,
  },
  {
    at: '2026-03-24T11:58:00Z',
    what: '+79 min: first reports reach PyPI, no feed has a record',
    says: `
      app/pyproject.toml:4 hint fresh-release: tidellm >=1.81,<2 admits 1.82.8, which was published 1 hour ago, …; app/uv.lock holds 1.81.13
      bare/requirements.txt:1 warning fresh-release: tidellm without a version takes 1.82.8, which was published 1 hour ago, …
        → Pin tidellm to 1.82.6 (passes over 1.82.7, only 1 hour old)
      bare/requirements.txt:1 warning unpinned: …
        → Pin tidellm to 1.82.6 (passes over 1.82.8, only 1 hour old)
      relocked/pyproject.toml:4 warning fresh-release: driftspy 3.0.3 brings tidellm 1.82.8 by driftspy → tidellm, which was published 1 hour ago, …
      typed/requirements.txt:1 warning fresh-release: tidellm 1.82.8 was published 1 hour ago, …
        → Go back to tidellm 1.82.6 (passes over 1.82.7, only 1 hour old)`,
    exit: 0,
  },
  {
    at: '2026-03-24T13:11:00Z',
    what: '+152 min: PyPI locks the project and hides all of its files',
    happens: ({ registry }) => void (registry.pypi.tidellm = { releases: releases(...first, '1.82.7', '1.82.8'), status: 'quarantined' }),
    says: `
      app/pyproject.toml:4 error quarantined-package: PyPI has quarantined tidellm and hides all of its releases, so installs fail: do not work around it by another index or a mirror, …; your locked 1.81.13 predates whatever was published since 2026-02-17, when it was uploaded
      bare/requirements.txt:1 error quarantined-package: PyPI has quarantined tidellm …
      relocked/pyproject.toml:4 warning fresh-release: driftspy 3.0.3 brings tidellm 1.82.8 by driftspy → tidellm, …, as relocked/uv.lock says: …
      typed/requirements.txt:1 error quarantined-package: PyPI has quarantined tidellm …`,
    exit: 1,
  },
  {
    at: '2026-03-24T16:16:00Z',
    what: '+5 h: a first record',
    happens: ({ osv }) => void (osv.records = [attack('PYSEC-2026-9002')]),
    says: `
      app/pyproject.toml:4 error quarantined-package: PyPI has quarantined tidellm …; your locked 1.81.13 predates the compromised 1.82.7 and 1.82.8 (PYSEC-2026-9002)
      app/pyproject.toml:4 hint admits-compromised: tidellm >=1.81,<2 admits the compromised releases 1.82.7 and 1.82.8 (PYSEC-2026-9002), while 1.81.13 is locked
        → Exclude tidellm 1.82.7 and 1.82.8
      bare/requirements.txt:1 warning admits-compromised: tidellm without a version admits the compromised releases 1.82.7 and 1.82.8 (PYSEC-2026-9002)
        → Exclude tidellm 1.82.7 and 1.82.8
      bare/requirements.txt:1 error quarantined-package: PyPI has quarantined tidellm …
      relocked/pyproject.toml:4 error compromised-release: driftspy 3.0.3 brings tidellm 1.82.8, which is malware (PYSEC-2026-9002), by driftspy → tidellm
        → Keep tidellm 1.82.7 and 1.82.8 out, then run uv lock
      typed/requirements.txt:1 error compromised-release: tidellm 1.82.8 is malware (PYSEC-2026-9002)
      relocked/uv.lock:22 error compromised-release: tidellm 1.82.8 is malware (PYSEC-2026-9002)`,
    exit: 1,
  },
  {
    at: '2026-03-24T22:12:00Z',
    what: '+11 h: a second record of the same attack',
    happens: ({ osv }) => void (osv.records = [attack('PYSEC-2026-9002'), attack('MAL-2026-9144', 'PYSEC-2026-9002')]),
    says: `
      app/pyproject.toml:4 error quarantined-package: PyPI has quarantined tidellm …; your locked 1.81.13 predates the compromised 1.82.7 and 1.82.8 (MAL-2026-9144)
      app/pyproject.toml:4 hint admits-compromised: tidellm >=1.81,<2 admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9144), while 1.81.13 is locked
        → Exclude tidellm 1.82.7 and 1.82.8
      bare/requirements.txt:1 warning admits-compromised: tidellm without a version admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9144)
        → Exclude tidellm 1.82.7 and 1.82.8
      bare/requirements.txt:1 error quarantined-package: PyPI has quarantined tidellm …
      relocked/pyproject.toml:4 error compromised-release: driftspy 3.0.3 brings tidellm 1.82.8, which is malware (MAL-2026-9144), by driftspy → tidellm
        → Keep tidellm 1.82.7 and 1.82.8 out, then run uv lock
      typed/requirements.txt:1 error compromised-release: tidellm 1.82.8 is malware (MAL-2026-9144)
      relocked/uv.lock:22 error compromised-release: tidellm 1.82.8 is malware (MAL-2026-9144)`,
    exit: 1,
  },
  {
    at: '2026-03-31T09:00:00Z',
    what: '+7 days: the project is back without the two, and with 1.83.0 since yesterday',
    happens: ({ registry }) => void (registry.pypi.tidellm = { releases: releases(...first, '1.83.0') }),
    files: { 'typed/requirements.txt': 'tidellm==1.82.6\n' },
    says: `
      app/pyproject.toml:4 hint admits-compromised: tidellm >=1.81,<2 admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9144), while 1.81.13 is locked
        → Pin tidellm to 1.81.13, which the lockfile holds
      app/pyproject.toml:4 hint fresh-release: tidellm >=1.81,<2 admits 1.83.0, which was published 21 hours ago, …; app/uv.lock holds 1.81.13
      bare/requirements.txt:1 warning admits-compromised: tidellm without a version admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9144)
        → Pin tidellm to 1.82.6 (passes over 1.83.0, only 21 hours old)
      bare/requirements.txt:1 warning fresh-release: tidellm without a version takes 1.83.0, which was published 21 hours ago, …
        → Pin tidellm to 1.82.6
      relocked/pyproject.toml:4 error compromised-release: driftspy 3.0.3 brings tidellm 1.82.8, which is malware (MAL-2026-9144), …
        → Keep tidellm 1.82.7 and 1.82.8 out, then run uv lock
      relocked/uv.lock:22 error compromised-release: tidellm 1.82.8 is malware (MAL-2026-9144)`,
    exit: 1,
  },
  {
    at: '2026-05-15T09:00:00Z',
    what: '+7 weeks: 1.82.6, to which everybody fled, has a flaw that is exploited',
    happens({ osv, registry }) {
      registry.pypi.tidellm = { releases: releases(...first, '1.83.0', '1.83.7', '1.84.0') };
      osv.records = [...osv.records, flaw('CVE-2026-92208', '1.81.16', '1.83.7'), flaw('CVE-2026-99468', '0', '1.84.0')];
    },
    says: `
      app/pyproject.toml:4 hint admits-compromised: …, while 1.81.13 is locked
        → Pin tidellm to 1.84.0
      app/pyproject.toml:4 error vulnerable-release: tidellm 1.81.13, which the lockfile holds, has one known vulnerability, critical (CVE-2026-99468); 1.84.0 is the lowest later release free of all
        → Upgrade tidellm to 1.84.0
      bare/requirements.txt:1 warning admits-compromised: tidellm without a version admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9144)
        → Pin tidellm to 1.84.0
      carrier/pyproject.toml:4 error vulnerable-release: driftspy 3.0.3 brings tidellm 1.82.6, which has two known vulnerabilities, the worst is critical (CVE-2026-92208), by driftspy → tidellm
        → Override tidellm with 1.84.0 or later, then run uv lock
      relocked/pyproject.toml:4 error compromised-release: driftspy 3.0.3 brings tidellm 1.82.8, which is malware (MAL-2026-9144), …
        → Override tidellm with 1.84.0 or later, then run uv lock
      typed/requirements.txt:1 error vulnerable-release: tidellm 1.82.6 has two known vulnerabilities, the worst is critical (CVE-2026-92208); 1.84.0 is the lowest later release free of all
        → Upgrade tidellm to 1.84.0
      relocked/uv.lock:22 error compromised-release: tidellm 1.82.8 is malware (MAL-2026-9144)`,
    exit: 1,
  },
];

describe('the story of litellm, with a clock that moves', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    await builtPrograms();
    const osv = await startFakeOsv();
    const registry = await startFakeRegistry({
      pypi: { tidellm: { releases: releases(...first) }, driftspy: [['3.0.3', '2026-01-10T10:00:00Z']] },
    });
    story = createStory({ osv, registry }, files);
  });
  after(() => Promise.all([story.osv.close(), story.registry.close()]));

  itTells(
    () => story,
    moments,
    ({ report, withoutLimit }) => {
      // Whatever happens, each project is told once that it waits for nothing.
      const projects = new Set(report.manifests.map(({ file }) => file.split('/')[0]));
      assert.deepEqual(new Set(withoutLimit.map(({ file }) => file.split('/')[0])), projects);
      assert.equal(withoutLimit.length, projects.size);
      assert.ok(withoutLimit.every(({ severity }) => severity === 'information'));
    },
  );

  it('is told by the editor at the same moment, with the same cure', async () => {
    const { osv, registry } = story;
    osv.records = [];
    registry.pypi.tidellm = { releases: releases(...first, '1.82.7', '1.82.8') };
    const { server } = await builtPrograms();
    const folder = scratch({ 'requirements.txt': 'tidellm\n' });
    const uri = pathToFileURL(path.join(folder, 'requirements.txt')).href;
    const args = ['--now', '2026-03-24T11:12:00Z', '--osv-url', osv.url, '--pypi-url', registry.url, '--npm-registry', registry.url];
    const client = await startLspClient({ server, args, env: hermetic(), folders: [pathToFileURL(folder).href] });
    try {
      await client.diagnostics(uri, (found) => found.length > 0);
      client.open(uri, 'tidellm==1.82.8\n');
      const [only, ...more] = await client.diagnostics(uri, (found, version) => version === 1 && found.length > 0);
      assert.deepEqual([only!.code, only!.severity, more], ['fresh-release', 2, []]);
      assert.match(messages([only!]), /^tidellm 1\.82\.8 was published 20 minutes ago, 2026-03-24 10:52 UTC/);
      const [cure] = await client.codeActions(uri, only!);
      assert.deepEqual([cure!.title, cure!.isPreferred], ['Go back to tidellm 1.82.6 (passes over 1.82.7, only 33 minutes old)', true]);
      assert.equal(applied('tidellm==1.82.8\n', cure!.edit, uri), 'tidellm==1.82.6\n');

      registry.pypi.tidellm = { releases: releases(...first), status: 'quarantined' };
      await client.request('merlon/clearCache');
      const [locked] = await client.diagnostics(uri, (found) => found[0]?.code === 'quarantined-package');
      assert.equal(locked!.severity, 1);
      assert.deepEqual(await client.codeActions(uri, locked!), [], 'no release is offered as a cure');
    } finally {
      await client.stop();
    }
  });
});
