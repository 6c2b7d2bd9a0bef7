import { builtPrograms } from '../support/built';
import { startFakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeNpmPackage, type FakeNpmRelease } from '../support/fakeRegistry';
import { createStory, itTells, type Moment, type Story } from '../support/story';

// The wave that began with axios in March 2026, read the same way: clean code and one new dependency, published with a user's
// token where a CI workflow had always published. Told of a package that Merlon has never heard of, with a clock that moves.

const dependencies = { 'follow-redirects': '^1.15.0', 'form-data': '^4.0.0' };
const byCi = (version: string, published: string): FakeNpmRelease => ({
  version,
  published,
  dependencies,
  attested: true,
  trusted: 'github',
});
const honest = [
  byCi('1.13.0', '2025-11-02T09:00:00Z'),
  byCi('1.13.1', '2025-12-04T09:00:00Z'),
  byCi('1.13.2', '2026-01-12T09:00:00Z'),
  byCi('1.14.0', '2026-02-20T09:00:00Z'),
];
const stolen: FakeNpmRelease = {
  version: '1.14.1',
  published: '2026-03-31T00:21:00Z',
  dependencies: { ...dependencies, 'plain-cipher-js': '^4.2.1' },
  scripts: { postinstall: 'node setup.js' },
  publisher: 'maintainer',
};
const removed: FakeNpmPackage['removed'] = [['1.14.1', '2026-03-31T00:21:00Z']];

const record = {
  id: 'MAL-2026-9307',
  modified: '2026-03-31T06:00:00Z',
  summary: 'Malicious code in tideios (npm)',
  affected: [{ package: { ecosystem: 'npm', name: 'tideios' }, versions: ['1.14.1'] }],
};

const manifest = (range: string) => `{\n  "private": true,\n  "dependencies": {\n    "tideios": "${range}"\n  }\n}\n`;
const files = {
  // Every package is to be pinned, as those of the catalogue are without being told.
  'merlon.toml': '[unpinned]\nscope = "all"\n',
  'range/package.json': manifest('^1.13.0'),
};

const moments: readonly Moment[] = [
  {
    at: '2026-03-30T12:00:00Z',
    what: 'the day before',
    says: `
      range/package.json:4 warning unpinned: tideios is not pinned: the next install may take any release that ^1.13.0 admits
        → Pin tideios to 1.14.0`,
    exit: 0,
  },
  {
    at: '2026-03-31T00:31:00Z',
    what: '+10 min: no feed knows of it; somebody takes the update',
    happens: ({ registry }) => void (registry.npm.tideios = { releases: [...honest, stolen] }),
    files: { 'exact/package.json': manifest('1.14.1') },
    says: `
      exact/package.json:4 warning fresh-release: tideios 1.14.1 was published 10 minutes ago, 2026-03-31 00:21 UTC, by the account maintainer: less than the 3 days of merlon.minimumReleaseAge
        → Go back to tideios 1.14.0
      exact/package.json:4 information install-script: tideios 1.14.1 runs code when it is installed (postinstall), and no setting of the project decides on that
      exact/package.json:4 information new-dependency: tideios 1.14.1 brings plain-cipher-js ^4.2.1, which no earlier release asked for; a patch release seldom gains a dependency
      exact/package.json:4 warning provenance-lost: tideios 1.14.1 carries no attestation and was published by the account maintainer, while the three releases before it (1.14.0, 1.13.2 and 1.13.1) came from the trusted publisher github
        → Go back to tideios 1.14.0
      range/package.json:4 warning fresh-release: tideios ^1.13.0 admits 1.14.1, which was published 10 minutes ago, …
        → Pin tideios to 1.14.0
      range/package.json:4 information install-script: tideios ^1.13.0 takes 1.14.1, which runs code when it is installed (postinstall), …
      range/package.json:4 information new-dependency: tideios ^1.13.0 takes 1.14.1, which brings plain-cipher-js ^4.2.1, …
      range/package.json:4 warning provenance-lost: tideios ^1.13.0 takes 1.14.1, which carries no attestation and was published by the account maintainer, …
        → Pin tideios to 1.14.0
      range/package.json:4 warning unpinned: …
        → Pin tideios to 1.14.0`,
    exit: 0,
  },
  {
    at: '2026-03-31T03:40:00Z',
    what: '+3 h: npm removes the release, and remembers its date alone',
    happens: ({ registry }) => void (registry.npm.tideios = { releases: honest, removed }),
    says: `
      exact/package.json:4 warning yanked-release: tideios 1.14.1 of 2026-03-31 was taken down from the npm registry, so installs of it fail: find out why before you trust what is installed
        → Go back to tideios 1.14.0
      range/package.json:4 warning unpinned: …
        → Pin tideios to 1.14.0`,
    exit: 0,
  },
  {
    at: '2026-03-31T07:00:00Z',
    what: '+7 h: a record; the release is gone, and is known still',
    happens: ({ osv }) => void (osv.records = [record]),
    says: `
      exact/package.json:4 error compromised-release: tideios 1.14.1 is malware (MAL-2026-9307)
        → Go back to tideios 1.14.0
      range/package.json:4 warning admits-compromised: tideios ^1.13.0 admits the compromised release 1.14.1 (MAL-2026-9307)
        → Pin tideios to 1.14.0`,
    exit: 1,
  },
];

describe('an npm wave, with a clock that moves', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    await builtPrograms();
    const osv = await startFakeOsv();
    const registry = await startFakeRegistry({ npm: { tideios: { releases: honest } } });
    story = createStory({ osv, registry }, files);
  });
  after(() => Promise.all([story.osv.close(), story.registry.close()]));

  itTells(() => story, moments);
});
