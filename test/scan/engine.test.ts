import assert from 'node:assert/strict';
import { checks } from '../../server/src/checks';
import type { Check, Policy } from '../../server/src/core/check';
import type { Report } from '../../server/src/core/report';
import { ecosystems, kindOf } from '../../server/src/ecosystems';
import { hoverPlain } from '../../server/src/render/hover';
import { readDocument, type ManifestDocument } from '../../server/src/scan/document';
import { createEngine, type Engine, type EngineOptions, type Rules } from '../../server/src/scan/engine';
import { asked, fakeFeed, fakeRegistry, type FakeFeed, type FakeRegistry } from '../support/fakeSources';
import { miniNow, miniRoles } from '../support/miniRegistry';
import { advisory } from '../support/subjects';

interface World {
  readonly engine: Engine;
  readonly osv: FakeFeed;
  readonly bundled: FakeFeed;
  readonly pypi: FakeRegistry;
  readonly npm: FakeRegistry;
  readonly faults: string[];
}

function world(more: Partial<EngineOptions> = {}): World {
  const osv = fakeFeed('osv');
  const bundled = fakeFeed('bundled', false);
  bundled.before = () => ({ state: 'known', value: [], asOf: asked });
  const pypi = fakeRegistry('pypi');
  const npm = fakeRegistry('npm-registry');
  const faults: string[] = [];
  const engine = createEngine({
    feeds: [bundled, osv],
    registries: new Map([
      ['PyPI', pypi],
      ['npm', npm],
    ]),
    checks,
    rolesOf: ({ name }) => miniRoles(name),
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (culprit, error) => void faults.push(`${culprit.id}: ${(error as Error).message}`),
    ...more,
  });
  return { engine, osv, bundled, pypi, npm, faults };
}

function rules(policy: Partial<Policy> = {}, privatePackages: readonly string[] = []): Rules {
  return { policy: { rules: {}, unpinnedScope: 'ai', minimumReleaseAgeMs: 0, ...policy }, privatePackages };
}

function document(text: string, path = 'requirements.txt'): ManifestDocument {
  return readDocument(path, kindOf(path)!, text, []);
}

async function report({ engine }: World, documents: readonly ManifestDocument[], by = rules()): Promise<Report> {
  await engine.ask(documents.map((one) => ({ document: one, rules: by })));
  return assessed(engine, documents, by);
}

function assessed(engine: Engine, documents: readonly ManifestDocument[], by = rules()): Report {
  return engine.report(
    documents.map((one) => engine.assess(one, by)),
    [],
  );
}

const states = ({ sources }: Report) => sources.map(({ id, state }) => `${id} ${state}`);
const found = ({ files }: Report) => files.flatMap(({ findings }) => findings.map(({ rule, package: name }) => `${rule} ${name}`));

describe('the engine: two passes', () => {
  it('says at once what it holds, asks, and then says the rest', async () => {
    const w = world();
    w.osv.after = (name) => ({ state: 'known', value: name === 'steady-llm' ? [advisory('MAL-2026-1', ['1.2.0'])] : [], asOf: asked });
    const texts = [document('steady-llm==1.2.0\nplain-util==1.0\n')];
    const first = assessed(w.engine, texts);
    assert.deepEqual(found(first), []);
    assert.deepEqual(
      states(first),
      ['bundled ok', 'osv pending', 'pypi pending', 'npm-registry ok'],
      'an AI package is asked about anyway',
    );
    assert.equal(first.complete, false, 'silence is no answer yet');
    assert.equal(first.sources.find(({ id }) => id === 'osv')!.reason, 'it was not asked yet');
    assert.equal(w.engine.wantsToAsk(first.files), true);
    assert.deepEqual([w.osv.askedFor, w.pypi.askedFor], [[], []], 'the first pass asks nobody');

    const second = await report(w, texts);
    assert.deepEqual(found(second), ['compromised-release steady-llm']);
    assert.deepEqual(states(second), ['bundled ok', 'osv ok', 'pypi ok', 'npm-registry ok']);
    assert.deepEqual(
      second.sources.map(({ asOf }) => asOf?.toISOString()),
      [asked.toISOString(), asked.toISOString(), asked.toISOString(), undefined],
    );
    assert.equal(second.complete, true);
    assert.equal(w.engine.wantsToAsk(second.files), false);
  });

  it('asks a registry for AI packages and declarations with findings alone, and each name once', async () => {
    const w = world();
    const texts = [
      document('steady-llm\nplain-util\nsteady-llm>=1; python_version<"3"\n'),
      document('Steady_LLM\n', 'dev-requirements.txt'),
      document('{"dependencies":{"steady-llm":"^1.0.0","plain-util":"^1"}}', 'package.json'),
    ];
    assert.equal((await report(w, texts)).complete, true);
    assert.deepEqual(w.pypi.askedFor, ['steady-llm']);
    assert.deepEqual(w.npm.askedFor, ['steady-llm']);
    assert.deepEqual(w.osv.askedFor.sort(), ['plain-util', 'plain-util', 'steady-llm', 'steady-llm'], 'a name of each ecosystem');
  });

  it('lets no feed that is slow hold up the registries about what is wanted already', async () => {
    const w = world();
    let meanwhile: readonly string[] = [];
    w.osv.during = () => void (meanwhile = [...w.pypi.askedFor]);
    w.osv.after = () => ({ state: 'known', value: [advisory('MAL-2026-1', ['1.0'])], asOf: asked });
    await report(w, [document('steady-llm\nplain-util==1.0\n')]);
    assert.deepEqual(meanwhile, ['steady-llm']);
    assert.deepEqual(w.pypi.askedFor, ['steady-llm', 'plain-util'], 'each once');
  });

  it('asks feeds that need no network as well: they may have to read', async () => {
    const w = world();
    w.bundled.before = () => ({ state: 'pending', reason: 'the index is being read' });
    assert.equal(assessed(w.engine, [document('x\n')]).complete, false);
    assert.equal((await report(w, [document('x\n')])).complete, true);
  });

  it('stops where it is told to, and only then rejects', async () => {
    const w = world();
    const controller = new AbortController();
    w.osv.during = () => controller.abort(new Error('newer text'));
    w.osv.after = () => ({ state: 'known', value: [advisory('MAL-2026-1', ['1.2.0'])], asOf: asked });
    const texts = [{ document: document('plain-util==1.2.0\n'), rules: rules() }];
    await assert.rejects(w.engine.ask(texts, controller.signal), /newer text/);
    assert.deepEqual(w.pypi.askedFor, [], 'nobody else is asked');

    const late = new AbortController();
    w.osv.during = () => undefined;
    w.pypi.during = () => late.abort(new Error('newer text'));
    await assert.rejects(w.engine.ask(texts, late.signal), /newer text/);
    assert.deepEqual(w.faults, [], 'an abort is nobody’s fault');
  });

  it('takes a manifest without declarations for complete', async () => {
    const result = await report(world(), [document('# nothing\n')]);
    assert.equal(result.complete, true);
    assert.deepEqual(
      result.sources.map(({ state, asOf }) => [state, asOf]),
      Array.from({ length: 4 }, () => ['ok', undefined]),
    );
  });
});

describe('the engine: who cannot be asked', () => {
  it('keeps what one feed says while another is down', async () => {
    const w = world();
    w.bundled.before = () => ({ state: 'known', value: [advisory('MAL-2026-1', ['1.2.0'])], asOf: asked });
    w.bundled.after = w.bundled.before;
    w.osv.after = () => ({ state: 'unavailable', reason: 'osv.example did not answer' });
    const result = await report(w, [document('steady-llm==1.2.0\n')]);
    assert.deepEqual(found(result), ['compromised-release steady-llm']);
    assert.deepEqual(result.sources[1], { id: 'osv', state: 'unavailable', reason: 'osv.example did not answer' });
    assert.equal(result.complete, false);
    assert.equal(w.engine.wantsToAsk(result.files), true, 'to be asked again');
  });

  it('shows the last answer with its date, and is incomplete all the same', async () => {
    const w = world();
    const day = new Date('2026-05-20T00:00:00Z');
    const value = [advisory('MAL-2026-1', ['1.2.0'])];
    w.osv.after = (name) =>
      name === 'steady-llm'
        ? { state: 'unavailable', reason: 'down', last: { value, asOf: day } }
        : { state: 'known', value: [], asOf: asked };
    const result = await report(w, [document('plain-util==1.0\nsteady-llm==1.2.0\n')]);
    assert.deepEqual(found(result), ['compromised-release steady-llm']);
    assert.deepEqual(result.sources[1], { id: 'osv', state: 'unavailable', asOf: day, reason: 'down' }, 'the worst answer speaks');
    assert.equal(result.complete, false);
  });

  it('is incomplete where a registry cannot be asked for the cure', async () => {
    const w = world();
    w.pypi.after = () => ({ state: 'unavailable', reason: '503' });
    const result = await report(w, [document('steady-llm\n')]);
    assert.deepEqual(found(result), ['unknown-package ', 'unpinned steady-llm']);
    assert.deepEqual(states(result), ['bundled ok', 'osv ok', 'pypi unavailable', 'npm-registry ok']);
    assert.equal(result.complete, false);
  });

  it('is complete where the user switched sources off, and names them', async () => {
    const w = world({ feeds: [], registries: new Map(), disabled: [{ id: 'osv', reason: 'offline' }] });
    const result = await report(w, [document('steady-llm\n')]);
    assert.deepEqual(result.sources, [{ id: 'osv', state: 'disabled', reason: 'offline' }]);
    assert.equal(result.complete, true);
    assert.deepEqual(found(result), ['unpinned steady-llm']);
    assert.equal(w.engine.wantsToAsk(result.files), false);
  });

  it('is incomplete where a part of a file, or a file, could not be read', async () => {
    const w = world();
    const broken = await report(w, [document('{"dependencies":{"a":"1.0.0",,,"b" "2"', 'package.json')]);
    assert.ok(broken.files[0]!.manifest.problems.some(({ kind }) => kind === 'unreadable'));
    assert.equal(broken.complete, false);
    assert.equal(w.engine.report([], [{ path: 'a', message: 'no permission' }]).complete, false);
    assert.equal(w.engine.report([], []).complete, true);
  });

  it('is complete where an entry is read and found invalid: that is a finding', async () => {
    const result = await report(world(), [document('litellm=1.0\n')]);
    assert.deepEqual(found(result), ['invalid-requirement ']);
    assert.equal(result.complete, true);
  });

  it('survives a source that throws, and hears the others', async () => {
    const w = world();
    w.bundled.during = () => Promise.reject(new Error('a bug'));
    w.osv.after = () => ({ state: 'known', value: [advisory('MAL-2026-1', ['1.2.0'])], asOf: asked });
    w.pypi.during = () => Promise.reject(new Error('another bug'));
    const result = await report(w, [document('steady-llm==1.2.0\n')]);
    assert.deepEqual(found(result), ['compromised-release steady-llm']);
    assert.deepEqual(w.faults.sort(), ['bundled: a bug', 'pypi: another bug']);
    assert.deepEqual(states(result), ['bundled ok', 'osv ok', 'pypi pending', 'npm-registry ok']);
    assert.equal(result.complete, false);
  });
});

describe('the engine: whose names go nowhere', () => {
  const secret = (w: World, name: string) =>
    assert.ok(![w.osv, w.pypi, w.npm].some((source) => source.shown.has(name) || source.askedFor.includes(name)), `${name} was handed on`);

  it('hands no private name to a network feed or a registry, and judges it by what is here', async () => {
    const w = world();
    w.bundled.before = (name) => ({ state: 'known', value: name === 'corp-llm' ? [advisory('MAL-2026-1', ['1.0'])] : [], asOf: asked });
    w.bundled.after = w.bundled.before;
    const result = await report(w, [document('Corp_LLM==1.0\nsteady-llm==1.2.0\n')], rules({ unpinnedScope: 'all' }, ['corp-*']));
    secret(w, 'corp-llm');
    assert.deepEqual(w.osv.askedFor, ['steady-llm']);
    assert.deepEqual(found(result), ['compromised-release corp-llm']);
    const subject = result.files[0]!.subjects[0]!;
    assert.deepEqual(
      subject.advisories.map(({ answer }) => answer.state),
      ['known', 'withheld'],
    );
    assert.equal(subject.releases.state, 'withheld');
    assert.deepEqual([result.withheld, result.complete], [1, true], 'what the user keeps private is told, and is no failure');
  });

  it('keeps a name that any entry of the file binds to an index of its own', async () => {
    const w = world();
    const text = `[project]\nname = "x"\ndependencies = ["inner-lib>=1", "steady-llm"]\n
[dependency-groups]\ndev = ["inner-lib"]\n
[tool.uv.sources]\ninner-lib = { index = "corp" }\n
[[tool.uv.index]]\nname = "corp"\nurl = "https://corp.example/simple"\nexplicit = true\n`;
    const poetry = `[tool.poetry.dependencies]\nsecret-lib = { version = "^1", source = "corp" }\nsteady-llm = "*"\n
[tool.poetry.group.dev.dependencies]\nsecret-lib = "*"\n
[[tool.poetry.source]]\nname = "corp"\nurl = "https://corp.example/simple"\n`;
    const result = await report(
      w,
      [document(text, 'pyproject.toml'), document(poetry, 'sub/pyproject.toml')],
      rules({ unpinnedScope: 'all' }),
    );
    assert.deepEqual(
      result.withheldNames?.map(({ package: { name }, reason }) => `${name}: ${reason}`),
      ['inner-lib: bound to an index of its own by pyproject.toml', 'secret-lib: bound to an index of its own by sub/pyproject.toml'],
    );
    assert.match(hoverPlain(result.files[0]!.subjects[0]!), /osv not asked: private \(bound to an index of its own by pyproject\.toml\)/);
    secret(w, 'inner-lib');
    secret(w, 'secret-lib');
    assert.ok(w.osv.askedFor.includes('steady-llm'));
  });

  it('sends no name of what comes from git, a URL, a path or a workspace', async () => {
    const w = world();
    const texts = [
      document(
        'forked @ git+https://git.example/f.git@main\nwheel @ https://files.example/w-1.0-py3-none-any.whl\nlocal @ file:///opt/local\n./here\n-e .\n',
      ),
      document(
        '{"dependencies":{"g":"user/repo","u":"https://files.example/u.tgz","p":"file:../p","l":"link:../l","w":"workspace:*","asked":"^1"}}',
        'package.json',
      ),
    ];
    const result = await report(w, texts, rules({ unpinnedScope: 'all' }));
    for (const name of ['forked', 'wheel', 'local', 'g', 'u', 'p', 'l', 'w', '']) secret(w, name);
    assert.deepEqual(w.osv.askedFor, ['asked']);
    assert.ok(result.files[0]!.subjects.every(({ advisories }) => advisories.length === 0));
    assert.equal(result.withheld, 0);
  });

  it('knows each folder by its own patterns', async () => {
    const w = world();
    await w.engine.ask([
      { document: document('corp-a\nshared\n'), rules: rules({}, ['corp-*']) },
      { document: document('team-b\nshared\n', 'b/requirements.txt'), rules: rules({}, ['team-*']) },
    ]);
    assert.deepEqual(w.osv.askedFor, ['shared']);
  });
});

describe('the engine: checks and policy', () => {
  const throwing: Check = {
    ...checks[0]!,
    id: 'broken-check',
    assess: {
      declaration({ declaration }) {
        if (declaration.package.name === 'bad') throw new Error('cannot cope');
        return [];
      },
    },
  };

  it('lets the others speak when a check throws, and is incomplete as long as it does', async () => {
    const w = world({ checks: [throwing, ...checks] });
    const result = await report(w, [document('bad\nbad\nsteady-llm\n')]);
    assert.deepEqual(found(result), ['unpinned steady-llm']);
    assert.deepEqual(result.sources.at(-1), { id: 'check broken-check', state: 'unavailable', reason: 'cannot cope' });
    assert.equal(result.complete, false);
    assert.deepEqual(w.faults, ['broken-check: cannot cope'], 'told once');
    const cured = assessed(w.engine, [document('steady-llm\n')]);
    assert.equal(cured.complete, true, 'the fault went with the text');
  });

  it('offers no fix where working it out throws', async () => {
    const check: Check = {
      ...checks[0]!,
      assess: {
        declaration: () => [
          {
            message: 'm',
            span: { start: 0, end: 1 },
            fixes: () => {
              throw new Error('oops');
            },
          },
        ],
      },
    };
    const w = world({ checks: [check] });
    const result = await report(w, [document('x\n')]);
    assert.deepEqual(result.files[0]!.findings[0]!.fixes, []);
    assert.deepEqual(w.faults, [`${check.id}: oops`]);
  });

  it('has the policy decide on severities, and no inherited word', async () => {
    const severity = async (own: Policy['rules']) =>
      (await report(world(), [document('steady-llm\n')], rules({ rules: own }))).files[0]!.findings.map((one) => one.severity);
    assert.deepEqual(await severity({}), ['warning']);
    assert.deepEqual(await severity({ unpinned: 'error' }), ['error']);
    assert.deepEqual(await severity({ unpinned: 'off' }), []);
    assert.deepEqual(await severity(Object.create({ unpinned: 'off' }) as Policy['rules']), ['warning']);
  });

  it('orders findings by place, then by rule', async () => {
    const result = await report(world(), [document('--trusted-host evil.example\nsteady-llm\nlitellm=1\nfresh-agent\n')]);
    assert.deepEqual(found(result), ['insecure-source ', 'unpinned steady-llm', 'invalid-requirement ', 'unpinned fresh-agent']);
  });

  it('gives every declaration a subject, in order, with its roles and its resolution', () => {
    const w = world();
    const { subjects, findings } = w.engine.assess(
      document('steady-llm==1.2.0\nplain-util>=1\nx @ https://files.example/x.whl\n-e .\n'),
      rules(),
    );
    assert.deepEqual(
      subjects.map(({ declaration, roles, resolution }) => [declaration.package.name, roles, resolution]),
      [
        ['steady-llm', ['llm-sdk'], { version: '1.2.0', from: 'exact-range' }],
        ['plain-util', [], { reason: 'its range admits more than one release' }],
        ['x', [], { reason: 'its source is a URL, not a registry' }],
        ['', [], { reason: 'its source is a path, not a registry' }],
      ],
    );
    assert.ok(findings.every(({ file }) => file === 'requirements.txt'));
    assert.equal(ecosystems.length, 2);
  });

  it('merges what feeds say of one flaw', async () => {
    const w = world();
    const mal = advisory('MAL-2026-1', ['1.2.0'], { aliases: ['GHSA-aaaa-bbbb-cccc'] });
    w.bundled.before = () => ({ state: 'known', value: [mal], asOf: asked });
    w.bundled.after = w.bundled.before;
    w.osv.after = () => ({ state: 'known', value: [advisory('GHSA-aaaa-bbbb-cccc', ['1.2.0'], { kind: 'malware' })], asOf: asked });
    const [subject] = (await report(w, [document('steady-llm==1.2.0\n')])).files[0]!.subjects;
    assert.deepEqual(
      subject!.known.map(({ id }) => id),
      ['MAL-2026-1'],
    );
  });
});
