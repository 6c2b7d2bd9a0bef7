import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Span } from '../../../server/src/core/span';
import { formatMarker, isSyntaxFault, parseMarker } from '../../../server/src/ecosystems/pypi/marker';
import { normalizeName } from '../../../server/src/ecosystems/pypi/name';
import { isRequirementError, parseAny, parseRequirement, type Requirement } from '../../../server/src/ecosystems/pypi/requirement';
import { formatSpecifiers, parseSpecifiers } from '../../../server/src/ecosystems/pypi/specifier';
import { corpusJson, describeCorpus } from '../../support/corpus';
import { pieces, requirementLike } from './arbitraries';

describe('PEP 508 requirements', () => {
  it('are cut into parts with spans', () => {
    const text = '  Foo.Bar_baz [A, b] ( >=1,!=1.2.* ) ; python_version<"3.12" and extra==\'x\' ';
    const parsed = requirement(text, 7);
    assert.equal(parsed.name, 'Foo.Bar_baz');
    assert.deepEqual(parsed.extras, ['A', 'b']);
    assert.equal(parsed.specifier, '>=1,!=1.2.*');
    assert.equal(parsed.marker, 'python_version<"3.12" and extra==\'x\'');
    const at = (span: Span | undefined) => span && text.slice(span.start - 7, span.end - 7);
    assert.equal(at(parsed.spans.name), 'Foo.Bar_baz');
    assert.equal(at(parsed.spans.extras), '[A, b]');
    assert.equal(at(parsed.spans.specifier), '>=1,!=1.2.*');
    assert.equal(at(parsed.spans.range), '( >=1,!=1.2.* )');
    assert.equal(at(parsed.spans.marker), parsed.marker);
    assert.equal(at(parsed.spans.whole), text.trim());
  });

  it('may name a URL', () => {
    const parsed = requirement('a@git+https://h/r@v1#subdirectory=p&egg=a ; os_name=="nt"');
    assert.equal(parsed.url, 'git+https://h/r@v1#subdirectory=p&egg=a');
    assert.equal(parsed.specifier, '');
    assert.equal(parsed.marker, 'os_name=="nt"');
    assert.equal(requirement('a @ https://h/a;b').url, 'https://h/a;b');
  });

  it('may have no range, an empty one, or a trailing comma', () => {
    assert.equal(requirement('foo').specifier, '');
    assert.equal(requirement('foo').spans.range, undefined);
    assert.deepEqual(requirement('foo ()').spans.range, { start: 4, end: 6 });
    assert.equal(requirement('foo ()').spans.specifier, undefined);
    assert.equal(requirement('foo>=1,').specifier, '>=1,');
    assert.deepEqual(requirement('foo[]').extras, []);
  });

  it('say what is wrong and where', () => {
    for (const [text, fault, message] of [
      ['foo=1.0', '=1.0', /"==" is meant/],
      ['foo~=1', '~=1', /two numbers/],
      ['foo==', '==', /version is expected behind "=="/],
      ['foo==info', '==info', /"info" is no version/],
      ['foo~=x', '~=x', /"x" is no version/],
      ['foo^1.0', '^1.0', /no operator/],
      ['foo bar', 'bar', /operator/],
      ['', '', /package name/],
      ['-foo', '-foo', /package name/],
      ['foo[x', '[x', /"\]"/],
      ['foo[x,]', ']', /extra/],
      ['foo>=1.*', '>=1.*', /"\.\*" can only/],
      ['foo>=1.0+x', '>=1.0+x', /local label/],
      ['foo (>=1', '(>=1', /parentheses/],
      ['foo>=1 !=2', '!=2', /","/],
      ['foo @', '', /URL/],
      ['foo @ https://h x', 'x', /";"/],
      ['foo; python_versio<"3"', 'python_versio<"3"', /variable/],
      ['foo; python_version', '', /comparison/],
      ['foo;', '', /variable/],
      ['foo; (os_name=="a"', '', /"\)"/],
      ['foo; os_name=="a" x', 'x', /"and" or "or"/],
    ] as const) {
      const result = parseRequirement(text, 3);
      assert.ok(isRequirementError(result), text);
      assert.equal(text.slice(result.start - 3, result.end - 3), fault, text);
      assert.match(result.message, message);
    }
  });

  it('are refused, not followed, when nested without end', () => {
    assert.ok(isRequirementError(parseRequirement(`foo;${'('.repeat(100_000)}`)));
    assert.ok(isRequirementError(parseRequirement(`foo[${'a,'.repeat(50_000)}`)));
    assert.ok(isRequirementError(parseRequirement(`foo${'-'.repeat(100_000)}`)));
    assert.ok(!isRequirementError(parseRequirement(`foo${'>=1,'.repeat(20_000)}`)));
  });

  it('are read alike by the short way for plain pins', () => {
    const name = pieces(['a', 'B', '0', '-', '_', '.', 'é', 'ſ', ' '], 4);
    const pin = fc.tuple(name, pieces(['==', '=', '1', '.', '0', '1.2', 'v', '*', ' ', '\n', ';'], 5)).map((parts) => parts.join(''));
    const likely = fc.tuple(name, pieces(['1', '.', '0', '1.2'], 4)).map(([before, version]) => `${before}==${version}`);
    let short = 0;
    fc.assert(
      fc.property(fc.oneof(likely, pin, requirementLike), fc.nat(50), (text, offset) => {
        const read = parseRequirement(text, offset);
        if (!isRequirementError(read) && /^[\w.-]+==[\d.]+$/.test(text)) short++;
        assert.deepEqual(read, parseAny(text, offset));
      }),
      { numRuns: 4000 },
    );
    assert.ok(short > 20, `${short} of them are plain`);
  });

  it('never throw, and their spans hold what they claim, at any offset', () => {
    let parsed = 0;
    fc.assert(
      fc.property(requirementLike, fc.nat(50), (text, offset) => {
        const result = parseRequirement(text, offset);
        const at = (span: Span | undefined) => span && text.slice(span.start - offset, span.end - offset);
        if (isRequirementError(result)) {
          assert.ok(offset <= result.start && result.start <= result.end && result.end <= offset + text.length);
          return;
        }
        parsed++;
        assert.equal(at(result.spans.name), result.name);
        assert.equal(at(result.spans.specifier) ?? '', result.specifier);
        assert.equal(at(result.spans.url), result.url);
        assert.equal(at(result.spans.marker), result.marker);
        const twin = requirement(at(result.spans.whole)!);
        assert.deepEqual(
          [twin.name, twin.specifier, twin.extras, twin.marker],
          [result.name, result.specifier, result.extras, result.marker],
        );
      }),
      { numRuns: 1000 },
    );
    assert.ok(parsed > 20, `only ${parsed} of the texts were requirements`);
  });
});

describeCorpus('PEP 508 requirements', () => {
  interface Case {
    readonly input: string;
    readonly ok: boolean;
    readonly name: string;
    readonly canonical: string;
    readonly extras: string[];
    readonly specifier: string;
    readonly url: string | null;
    readonly marker: string | null;
  }

  it('are read as packaging reads them', () => {
    const { cases } = corpusJson<{ cases: Case[] }>('conformance/vectors/pep508-requirements.json');
    const wrong = cases.filter((expected) => {
      const result = parseRequirement(expected.input);
      if (isRequirementError(result) || !expected.ok) return isRequirementError(result) === expected.ok;
      const seen = {
        name: result.name,
        canonical: normalizeName(result.name),
        extras: [...new Set(result.extras)].sort(),
        specifier: formatSpecifiers(parseSpecifiers(result.specifier)!),
        url: result.url ?? null,
        marker: result.parsedMarker ? formatMarker(result.parsedMarker) : null,
      };
      const { input: _, ok: __, ...wanted } = expected;
      return JSON.stringify(seen) !== JSON.stringify({ ...seen, ...wanted, extras: [...wanted.extras].sort() });
    });
    assert.deepEqual(wrong, []);
  });

  it('have the markers that packaging reads', () => {
    const { cases } = corpusJson<{ cases: { input: string; ok: boolean; normalized?: string }[] }>(
      'conformance/vectors/pep508-markers.json',
    );
    const wrong = cases.filter(({ input, ok, normalized }) => {
      const marker = parseMarker(input);
      return isSyntaxFault(marker) ? ok : !ok || formatMarker(marker) !== normalized;
    });
    assert.deepEqual(wrong, []);
  });
});

function requirement(text: string, offset = 0): Requirement {
  const result = parseRequirement(text, offset);
  if (isRequirementError(result)) throw new Error(`${text}: ${result.message}`);
  return result;
}
