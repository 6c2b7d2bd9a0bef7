import assert from 'node:assert/strict';
import { catalogue, rolesOf } from '../../server/src/policy/catalogue';

const roles = (ecosystem: string, name: string) => [...rolesOf({ ecosystem, name })];

describe('catalogue', () => {
  it('knows packages by their exact names, each in its own ecosystem', () => {
    assert.deepEqual(roles('PyPI', 'litellm'), ['llm-sdk']);
    assert.deepEqual(roles('PyPI', 'torch'), ['training']);
    assert.deepEqual(roles('npm', 'openai'), ['llm-sdk']);
    assert.deepEqual(roles('npm', 'ai'), ['llm-sdk']);
    assert.deepEqual(roles('PyPI', 'ai'), []);
    assert.deepEqual(roles('npm', 'litellm'), []);
    assert.deepEqual(roles('crates.io', 'openai'), []);
  });

  it('knows packages by naming families, so that a new integration is an AI package on its first day', () => {
    assert.deepEqual(roles('PyPI', 'langchain-some-new-store'), ['agent-framework']);
    assert.deepEqual(roles('PyPI', 'llama-index-llms-something'), ['agent-framework']);
    assert.deepEqual(roles('npm', '@ai-sdk/something'), ['llm-sdk']);
    assert.deepEqual(roles('npm', '@modelcontextprotocol/server-anything'), ['mcp']);
    assert.deepEqual(roles('npm', '@someone/mcp-server-anything'), ['mcp']);
    assert.deepEqual(roles('npm', '@stripe/mcp'), ['mcp']);
    assert.deepEqual(roles('PyPI', 'weather-mcp'), ['mcp']);
  });

  it('joins and sorts the roles of a package that is listed under one and belongs to the family of another', () => {
    assert.deepEqual(roles('PyPI', 'mcp-server-qdrant'), ['mcp', 'vector-db']);
    assert.deepEqual(roles('PyPI', 'langchain-mcp-adapters'), ['agent-framework', 'mcp']);
  });

  it('leaves other packages alone, also those whose names begin or end alike', () => {
    const others: readonly [string, readonly string[]][] = [
      [
        'PyPI',
        [
          'requests',
          'numpy',
          'scikit-learn',
          'streamlit',
          'elasticsearch',
          'openapi-core',
          'langcodes',
          'mcp3008',
          'mcp-',
          '-mcp',
          '',
          'torchlight',
          'django-haystack',
        ],
      ],
      [
        'npm',
        [
          'react',
          'zod',
          'typescript',
          'openapi-types',
          '@smithy/types',
          '@opentelemetry/api',
          '@tanstack/react-query',
          '@aws-sdk/client-s3',
          '@openaiq/x',
          'constructor',
          'email',
          'xmcpd',
        ],
      ],
    ];
    for (const [ecosystem, names] of others) for (const name of names) assert.deepEqual(roles(ecosystem, name), [], name);
    for (const ecosystem of ['__proto__', 'constructor', '']) assert.deepEqual(roles(ecosystem, 'openai'), []);
  });

  it('says what every role means', () => {
    for (const part of [catalogue.packages, catalogue.families]) {
      for (const byRole of Object.values(part)) {
        for (const role of Object.keys(byRole)) assert.ok(catalogue.roles[role], role);
      }
    }
  });
});
