import assert from 'node:assert/strict';
import fc from 'fast-check';
import { catalogue } from '../../server/src/policy/catalogue';
import { createNeighbourhood, isOneEdit } from '../../server/src/policy/oneEdit';
import { popularNames } from '../../server/src/policy/popular';
import { similarTo } from '../../server/src/policy/similar';

const like = (ecosystem: string, name: string): string => {
  const similar = similarTo({ ecosystem, name });
  return similar ? `${similar.by} ${similar.name} → ${similar.meant ?? ''}` : '';
};

describe('names that come near to known ones', () => {
  it('is told by a letter, a spelling, an order, an ending, a scope or a brand', () => {
    for (const [ecosystem, name, expected] of [
      ['PyPI', 'openaii', 'letter openai → openai'],
      ['PyPI', 'transfomers', 'letter transformers → transformers'],
      ['PyPI', 'ollamaa', 'letter ollama → ollama'],
      ['PyPI', 'langgrap', 'letter langgraph → langgraph'],
      ['PyPI', 'langchian', 'letter langchain → langchain'],
      ['PyPI', 'chroma-client', 'suffix chroma → chromadb'],
      ['PyPI', 'deepseeek', 'letter deepseek → '],
      ['PyPI', 'deepseekai', 'suffix deepseek → '],
      ['PyPI', 'instructor-mcp', 'suffix instructor → instructor'],
      ['PyPI', 'langchain-core-mcp', 'suffix langchain-core → langchain-core'],
      ['PyPI', 'tiktoken-mcp', 'suffix tiktoken → tiktoken'],
      ['PyPI', 'agents-openai', 'order openai-agents → openai-agents'],
      ['PyPI', 'lang-chain', 'spelling langchain → langchain'],
      ['PyPI', '0penai', 'spelling openai → openai'],
      ['PyPI', 'pytorch', 'brand pytorch → torch'],
      // Its letters in a row are those of `is-typed-array` as well.
      ['npm', 'typedarray-is', 'order is-typedarray → is-typedarray'],
      ['npm', 'claud-code', 'letter claude-code → @anthropic-ai/claude-code'],
      ['npm', 'cloude-code', 'letter claude-code → @anthropic-ai/claude-code'],
      ['npm', 'claude-code', 'scope claude-code → @anthropic-ai/claude-code'],
      ['npm', 'opencraw', 'letter openclaw → openclaw'],
      ['npm', '@antropic-ai/sdk', 'letter @anthropic-ai/sdk → @anthropic-ai/sdk'],
      ['npm', '1odash', 'spelling lodash → lodash'],
      ['npm', 'expres', 'letter express → express'],
    ] as const) {
      assert.equal(like(ecosystem, name), expected, name);
    }
  });

  it('sees through letters of other scripts, and through what is not seen', () => {
    for (const name of ['оpenai', 'ｏpenai', 'openàі', 'open\u200bai', 'ορenai'])
      assert.equal(like('npm', name), 'confusable openai → openai', name);
    assert.equal(like('npm', 'опенаи'), '');
  });

  it('leaves numbers of generations, short names and the scopes of known packages alone', () => {
    for (const [ecosystem, name] of [
      ['PyPI', 'jinja3'],
      ['PyPI', 'urllib2'],
      ['PyPI', 'sax'],
      ['npm', 'mz'],
      ['npm', '@langchain/opena'],
      ['npm', '@types/something-new'],
      ['npm', '@someone/core'],
      ['crates.io', 'serde'],
      ['PyPI', ''],
      ['constructor', 'toString'],
    ] as const) {
      assert.equal(like(ecosystem, name), '', name);
    }
  });

  it('says of no popular package, and of none of the catalogue, that it looks like another', () => {
    for (const ecosystem of ['PyPI', 'npm']) {
      const names = [...popularNames(ecosystem), ...Object.values(catalogue.packages[ecosystem]!).flat()];
      assert.ok(names.length > 5000);
      assert.deepEqual(
        names.filter((name) => like(ecosystem, name) !== ''),
        [],
      );
    }
  });

  it('knows the incident that calls a name a lookalike', () => {
    assert.equal(similarTo({ ecosystem: 'PyPI', name: 'openaii' })?.incident, 'MAL-2026-16135');
    assert.equal(similarTo({ ecosystem: 'npm', name: 'openaii' })?.incident, undefined);
  });

  it('takes any text for a name', () => {
    fc.assert(
      fc.property(fc.constantFrom('PyPI', 'npm'), fc.string({ unit: 'grapheme', maxLength: 40 }), (ecosystem, name) => {
        similarTo({ ecosystem, name });
      }),
      { numRuns: 200 },
    );
  });
});

describe('one edit', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 });

  it('is found by halves as it is by comparing with everything', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 40 }), word, (names, name) => {
        const { near } = createNeighbourhood(new Set(names));
        assert.deepEqual(near(name).sort(), names.filter((other) => isOneEdit(name, other)).sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('is a letter more, less, other, or two exchanged', () => {
    for (const other of ['bcd', 'acd', 'abc', 'xabcd', 'abxcd', 'abcdx', 'xbcd', 'abxd', 'bacd', 'abdc'])
      assert.ok(isOneEdit('abcd', other), other);
    for (const other of ['abcd', 'ab', 'abcdxy', 'badc', 'cbad', 'dbca', 'acbdx']) assert.ok(!isOneEdit('abcd', other), other);
  });
});
