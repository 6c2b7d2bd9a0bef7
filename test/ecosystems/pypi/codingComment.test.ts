import assert from 'node:assert/strict';
import { codingProblem } from '../../../server/src/ecosystems/pypi/codingComment';
import { requirements } from '../../../server/src/ecosystems/pypi/requirements';

function named(text: string): string | undefined {
  const problem = codingProblem(text);
  return problem && text.slice(problem.span.start, problem.span.end);
}

describe('a coding comment', () => {
  it('under which other lines may stand there than are seen makes the file unreadable', () => {
    for (const [text, name] of [
      ['# coding: utf-7\n# x+AAo-litellm==1.82.7\n', 'utf-7'],
      ['# one\n#-*- coding:unicode_escape -*-\n', 'unicode_escape'],
      ['# vim: set fileencoding=UTF_16 :\r\n', 'UTF_16'],
      ['# coding=cp037\n', 'cp037'],
      ['# coding=cp875\n', 'cp875'],
      ['# encoding: whatever\n', 'whatever'],
    ] as const) {
      assert.equal(named(text), name);
    }
    const manifest = requirements.read('# coding: utf-7\nx==1\n', { path: 'requirements.txt', companions: [] });
    assert.deepEqual(
      [manifest.problems.map(({ kind }) => kind), manifest.declarations.length],
      [['unreadable'], 1],
      'what is seen is judged all the same',
    );
  });

  it('that leaves ASCII as it is changes nothing, nor does one where pip looks for none', () => {
    for (const text of [
      '# -*- coding: utf-8 -*-\nx\n',
      '# coding: UTF_8_SIG\n',
      '# coding=latin-1\n',
      '# coding: iso_8859_15\n',
      '# coding: cp1252\n',
      '# coding: shift_jis\n',
      '# coding: utf-8\n# coding: utf-7\n',
      '\n\n# coding: utf-7\n',
      ' # coding: utf-7\n',
      'x # coding: utf-7\n',
      '# the coding of this file\n',
      '',
    ]) {
      assert.equal(named(text), undefined, JSON.stringify(text));
    }
  });
});
