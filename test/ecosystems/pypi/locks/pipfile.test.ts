import assert from 'node:assert/strict';
import { pipfile } from '../../../../server/src/ecosystems/pypi/locks/pipfile';
import { entryOf, places, problem } from '../../../support/lockFacts';
import { keys } from './facts';

const text = `{
    "_meta": {
        "hash": { "sha256": "00" },
        "pipfile-spec": 6,
        "requires": { "python_version": "3.12" },
        "sources": [
            { "name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true },
            { "name": "corp", "url": "https://u:p@pypi.corp.example/simple", "verify_ssl": true }
        ]
    },
    "default": {
        "Lite_LLM": {
            "extras": ["proxy"],
            "hashes": ["sha256:aa", "sha256:bb"],
            "index": "pypi",
            "markers": "python_version >= '3.9'",
            "version": "==1.84.0"
        },
        "app": { "editable": true, "path": "." },
        "certifi": { "hashes": ["sha256:cc"], "version": "==2025.1.31" },
        "exact": { "version": "===1.0.custom" },
        "fork": { "git": "https://git.example/fork.git", "ref": "0123456789abcdef" },
        "local": { "path": "./libs/local" },
        "remote": { "file": "https://dl.example/remote-1.0.tar.gz" }
    },
    "develop": {
        "certifi": { "hashes": ["sha256:cc"], "index": "corp", "version": "==2025.1.31" },
        "__proto__": { "version": "==1" }
    },
    "docs/api": {
        "sphinx": { "version": "==8.0" }
    }
}
`;

describe('Pipfile.lock', () => {
  const lock = pipfile.read(text);

  it('holds the entries of every category, without the operator', () => {
    assert.equal(lock.format, 'Pipfile.lock 6');
    assert.deepEqual(lock.problems, []);
    assert.deepEqual(keys(lock), [
      'default/lite-llm 1.84.0',
      'default/app',
      'default/certifi 2025.1.31',
      'default/exact 1.0.custom',
      'default/fork',
      'default/local',
      'default/remote',
      'develop/certifi 2025.1.31',
      'develop/-proto- 1',
      'docs/api/sphinx 8.0',
    ]);
    assert.deepEqual(entryOf(lock, 'default/lite-llm 1.84.0').hashes, ['sha256:aa', 'sha256:bb']);
    assert.equal(entryOf(lock, 'default/certifi 2025.1.31').version, '2025.1.31');
  });

  it('tells sources and development apart', () => {
    assert.deepEqual(
      lock.packages.map(({ package: pkg, source, registry, own, dev }) => [pkg.name, source, registry ?? '-', own, dev ?? '-'].join(' ')),
      [
        'lite-llm registry https://pypi.org/simple false -',
        'app workspace - true -',
        'certifi registry - false -',
        'exact registry - false -',
        'fork git https://git.example false -',
        'local path - false -',
        'remote url https://dl.example false -',
        'certifi registry https://pypi.corp.example/simple false true',
        '-proto- registry - false true',
        'sphinx registry - false -',
      ],
    );
  });

  it('finds the key of each entry', () => {
    const found = [
      '12:Lite_LLM',
      '19:app',
      '20:certifi',
      '21:exact',
      '22:fork',
      '23:local',
      '24:remote',
      '27:certifi',
      '28:__proto__',
      '31:sphinx',
    ];
    assert.deepEqual(places(pipfile, text), found);
  });

  it('says what cannot be read', () => {
    assert.equal(
      problem(pipfile, text.replace('"pipfile-spec": 6', '"pipfile-spec": 7')),
      'unreadable 4: Pipfile.lock 7 is of a newer version than Merlon knows (6)',
    );
    assert.match(problem(pipfile, text.replace('"version": "==8.0"', '"version": "*"')), /of no known form/);
    for (const empty of ['', '{}', 'null', '[]', '{"_meta": {}}']) assert.match(problem(pipfile, empty), /^unreadable/, empty);
  });

  it('leaves out what a merge conflict touches', () => {
    const conflict = text.replace(
      '        "exact": { "version": "===1.0.custom" },\n',
      '<<<<<<< HEAD\n        "exact": { "version": "===1.0.custom" },\n=======\n        "exact": { "version": "==2.0" },\n>>>>>>> other\n',
    );
    assert.equal(
      problem(pipfile, conflict),
      'unreadable 21: Pipfile.lock 6 cannot be read in full (line 21): a merge conflict was left in it',
    );
    const read = keys(pipfile.read(conflict));
    assert.ok(
      !read.some((key) => key.includes('exact')) && read.includes('default/lite-llm 1.84.0') && read.includes('docs/api/sphinx 8.0'),
      read.join(),
    );
  });

  it('leaves out what is doubtful', () => {
    const sphinx = '"sphinx": { "version": "==8.0" }';
    const doubtful = [
      '"sphinx": { "version": "==8.0" "==9.0" }',
      '"sphinx": { "version": "==8.0", "version": "==9.0", }',
      `${sphinx},\n${sphinx},`,
    ];
    const oneSide = `<<<<<<< HEAD\n${sphinx}\n=======\n>>>>>>> other\n`;
    const twice = `${sphinx},\n        ${sphinx.replace('8', '9')},\n        "x": "a" "b"`;
    const keyAlone = `<<<<<<< HEAD\n"sphinx": {\n=======\n>>>>>>> other\n"version": "==8.0"\n}`;
    for (const text_ of [...doubtful, oneSide, twice, keyAlone].map((written) => text.replace(sphinx, written))) {
      const read = pipfile.read(text_);
      assert.equal(read.problems.length, 1, text_);
      assert.deepEqual(
        keys(read),
        keys(lock).filter((key) => !key.includes('sphinx')),
        text_,
      );
    }
  });

  it('notices every cut, and takes no cut version for a whole one', () => {
    const whole = new Set(keys(lock));
    for (let length = 0; length < text.length - 2; length++) {
      const cut = pipfile.read(text.slice(0, length));
      assert.equal(cut.problems.length, 1, String(length));
      for (const { key, version } of cut.packages) assert.ok(version === '' || whole.has(key), key);
    }
  });
});
