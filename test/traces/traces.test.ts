import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Incident } from '../../server/src/core/incident';
import { textAt } from '../../server/src/core/span';
import { createInstalledFiles } from '../../server/src/platform/installedFiles';
import { readTraces, traceReaders } from '../../server/src/traces';
import { madeIncident, sha256 } from '../support/environments';
import { temporaryFolder, type Tree } from '../support/temporaryFolder';

describe('traces in a workspace', () => {
  const read = (tree: Tree, incidents: readonly Incident[] = []) => {
    const folder = temporaryFolder(tree);
    try {
      return readTraces(createInstalledFiles(folder.path), incidents);
    } finally {
      folder.remove();
    }
  };

  it('finds the hooks of Claude Code, and each command in its place', () => {
    const text = `{
  "permissions": { "allow": ["Bash"] },
  "hooks": {
    "SessionStart": [{ "matcher": "*", "hooks": [{ "type": "command", "command": "node .vscode/setup.mjs" }] }],
    "PostToolUse": [{ "hooks": [{ "type": "command", "command": "prettier --write" }, { "type": "command", "command": "echo \\"x\\"" }] }]
  }
}`;
    const { traces } = read({
      '.claude/settings.json': text,
      'deep/er/.claude/settings.local.json': '{"hooks":{"Stop":[{"hooks":[{"command":"x"}]}]}}',
    });
    assert.deepEqual(
      traces.map(({ kind, path, event, command }) => [kind, path, event, command]),
      [
        ['agent-hook', 'deep/er/.claude/settings.local.json', 'Stop', 'x'],
        ['agent-hook', '.claude/settings.json', 'SessionStart', 'node .vscode/setup.mjs'],
        ['agent-hook', '.claude/settings.json', 'PostToolUse', 'prettier --write'],
        ['agent-hook', '.claude/settings.json', 'PostToolUse', 'echo "x"'],
      ],
    );
    assert.equal(textAt(text, traces[1]!.span), 'node .vscode/setup.mjs');
    assert.equal(traces[1]!.sha256, sha256(text));
  });

  it('finds tasks that run when the folder is opened, and no others', () => {
    const text = `{
  // comments are allowed here
  "version": "2.0.0",
  "tasks": [
    { "label": "build", "command": "make" },
    { "label": "x", "type": "shell", "command": "node", "args": [".vscode/setup.mjs", { "value": "--now" }], "runOptions": { "runOn": "folderOpen" } },
    { "label": "y", "windows": { "command": "evil.exe" }, "runOptions": { "runOn": "folderOpen" } },
    { "label": "z", "dependsOn": ["build"], "runOptions": { "runOn": "folderOpen" } },
    { "label": "w", "command": "make", "runOptions": { "runOn": "default" } },
  ],
}`;
    const { traces } = read({ '.vscode/tasks.json': text });
    assert.deepEqual(
      traces.map(({ command, event }) => [command, event]),
      [
        ['node .vscode/setup.mjs --now', 'folderOpen'],
        ['evil.exe', 'folderOpen'],
        ['', 'folderOpen'],
      ],
    );
    assert.equal(textAt(text, traces[0]!.span), 'node');
  });

  it('finds a binding.gyp without sources and files that an incident names, and looks into no environment', () => {
    const incidents = [madeIncident({ files: ['planted.js', '/tmp/elsewhere', '~/.config/x'] })];
    const { traces, coverage } = read(
      {
        'binding.gyp': '{}',
        'lib/a.js': '',
        'native/binding.gyp': '{}',
        'native/src/x.cc': '',
        'tools/planted.js': 'evil',
        'node_modules/a/planted.js': 'evil',
        '.venv/pyvenv.cfg': '',
        '.venv/planted.js': 'evil',
        '.git/planted.js': 'evil',
      },
      incidents,
    );
    // A source anywhere below the folder is one that gyp may compile.
    assert.deepEqual(
      traces.map(({ kind, path }) => [kind, path]),
      [['named-file', 'tools/planted.js']],
    );
    assert.deepEqual(
      coverage.notLooked.map(({ what }) => what),
      ['places that incidents name (/tmp/elsewhere, ~/.config/x)'],
    );
    assert.deepEqual(
      read({ 'binding.gyp': '{}', 'lib/a.js': '' }).traces.map(({ kind, path }) => [kind, path]),
      [['bare-gyp', 'binding.gyp']],
    );
  });

  it('never throws, and its spans lie in the text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"hooks"',
      '"tasks"',
      '"runOptions"',
      '"runOn"',
      '"folderOpen"',
      '"command"',
      ':',
      ',',
      '"x"',
      '\n',
      '//',
    );
    for (const reader of traceReaders)
      fc.assert(
        fc.property(
          fc.oneof(
            fc.json(),
            fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
          ),
          (text) => {
            for (const { span } of reader.commands(text)) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
          },
        ),
        { numRuns: 500 },
      );
  });
});
