import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fix } from '../../server/src/core/finding';
import { verifyFix } from '../support/checkFix';
import { miniNames } from '../support/miniRegistry';
import { scanTexts } from '../support/scanTexts';

// Whatever stands in the file: a fix cures, and every other declaration reads the same after it.

const name = fc.constantFrom(...miniNames);
const number = fc.constantFrom('0.9.0', '1.0.0', '1.1.0', '1.3.0', '1.4.0', '1.82.6', '1.82.7', '2.1.1', '2.2.0');
const end = fc.constantFrom('\n', '\r\n');

const pep440 = fc.oneof(
  fc.constant(''),
  number.map((version) => `==${version}`),
  fc.tuple(fc.constantFrom('>=', '<', '~=', '!=', '>'), number).map(([operator, version]) => operator + version),
  fc.tuple(number, number).map(([from, to]) => `>=${from},<${to}`),
);

const requirement = fc
  .tuple(
    name,
    fc.constantFrom('', '[a]', '[a,b]'),
    fc.constantFrom('', ' '),
    pep440,
    fc.constantFrom('', "; python_version > '3.9'", " ; sys_platform == 'linux'"),
  )
  .map(([project, extras, space, range, marker]) => `${project}${extras}${space}${range}${marker}`);

/** A cure that is itself young says so in its title. */
const isYoung = ({ title }: Fix) => title.includes('there is no older cure');

async function everyFixCures(file: string, text: string): Promise<void> {
  const files = new Map([[file, text]]);
  const scanned = await scanTexts(files);
  for (const finding of scanned.flatMap(({ findings }) => findings)) {
    assert.ok(finding.fixes.filter(({ preferred }) => preferred).length === Math.min(1, finding.fixes.length), 'one fix is preferred');
    for (const fix of finding.fixes)
      await verifyFix(files, scanned, finding, fix, {
        leaves: fix.kind === 'exclude' ? ['unpinned', 'fresh-release'] : isYoung(fix) ? ['fresh-release'] : [],
      });
  }
}

describe('every fix cures and changes nothing else', () => {
  it('in a requirements file', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(requirement, fc.constantFrom('', '  # why', ' \\')), { minLength: 1, maxLength: 6 }),
        end,
        async (lines, eol) => {
          const text = lines.map(([line, tail]) => line + (tail === ' \\' ? ` \\${eol}  # why` : tail)).join(eol) + eol;
          await everyFixCures('requirements.txt', text);
        },
      ),
      { numRuns: 200 },
    ));

  it('in pyproject.toml', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(requirement, { maxLength: 4 }),
        fc.uniqueArray(fc.tuple(name, fc.constantFrom('*', '^1.0', '~1.4', '1.1.0', '>=1,<3', '2.1.1', '^2')), {
          selector: ([project]) => project,
          maxLength: 4,
        }),
        fc.constantFrom(', ', ',\n    ', ',\n    # why\n    '),
        end,
        async (requirements, poetry, comma, eol) => {
          const text = [
            '[project]',
            `dependencies = [${requirements.map((line) => JSON.stringify(line)).join(comma)}]`,
            '[tool.poetry.dependencies]',
            'python = "^3.9"',
            ...poetry.map(([project, range], i) =>
              i % 2 ? `${project} = { version = "${range}", extras = ["x"] }` : `${project} = "${range}" # why`,
            ),
            '',
          ].join('\n');
          await everyFixCures('pyproject.toml', text.replaceAll('\n', eol));
        },
      ),
      { numRuns: 200 },
    ));

  it('in package.json', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.tuple(
            name,
            fc.constantFrom(
              '*',
              '^1.0.0',
              '~1.4.0',
              '1.1.0',
              '>=1 <3',
              '2.1.1',
              '^2.0.0 || ^1',
              'latest',
              'npm:hijacked-agent@^2.0.0',
              'npm:story-llm@1.82.7',
            ),
          ),
          { selector: ([project]) => project, maxLength: 5 },
        ),
        fc.constantFrom(0, 2, '\t'),
        fc.constantFrom('dependencies', 'devDependencies', 'peerDependencies', 'overrides'),
        end,
        async (entries, indent, section, eol) => {
          const manifest = { name: 'fixture', [section]: Object.fromEntries(entries), optionalDependencies: { 'plain-util': '1.0.0' } };
          await everyFixCures('package.json', (JSON.stringify(manifest, null, indent) + '\n').replaceAll('\n', eol));
        },
      ),
      { numRuns: 200 },
    ));
});
