import assert from 'node:assert/strict';
import type { Files, FileText } from '../../server/src/core/io';
import { acceptingReader, kindOf } from '../../server/src/ecosystems';
import { createProject, type Project } from '../../server/src/scan/project';

/** A folder in memory that can be changed between two readings. A text `!…` is a file that cannot be read, for that reason. */
function folder(texts: Record<string, string>) {
  const read: string[] = [];
  const files: Files = {
    read(path) {
      read.push(path);
      const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
      const answer: FileText =
        text === undefined
          ? { state: 'absent' }
          : text.startsWith('!')
            ? { state: 'unreadable', message: text.slice(1) }
            : { state: 'text', text };
      return Promise.resolve(answer);
    },
  };
  return { texts, read, project: createProject({ files, top: '' }) };
}

const entry = (path: string) => ({ path, kind: kindOf(path) ?? acceptingReader(path)! });

/** `path: name group` of each declaration. */
function listed(project: Project): string[] {
  return project
    .documents()
    .flatMap(({ path, manifest }) => manifest.declarations.map((one) => `${path}: ${one.package.name} ${one.group}`));
}

function problems(project: Project): string[] {
  return project
    .documents()
    .flatMap(({ path, text, manifest }) =>
      manifest.problems.map(({ kind, span, message }) => `${path} ${kind} «${text.slice(span.start, span.end)}» ${message}`),
    );
}

async function loaded(texts: Record<string, string>, ...paths: string[]) {
  const made = folder(texts);
  await made.project.load(paths.map(entry));
  return made;
}

describe('a project', () => {
  it('lists what is included under the file in which it stands', async () => {
    const { project } = await loaded(
      { 'requirements.txt': '-r sub/base\nopenai\n', 'sub/base': '-r ./more\nlitellm\n', 'sub/more': 'dspy\n' },
      'requirements.txt',
    );
    assert.deepEqual(listed(project), ['requirements.txt: openai runtime', 'sub/base: litellm runtime', 'sub/more: dspy runtime']);
  });

  it('goes through a circle once, and through a file that includes itself', async () => {
    const { project, read } = await loaded(
      { 'requirements.txt': '-r b\n-r requirements.txt\nx\n', b: '-r c\ny\n', c: '-r requirements.txt\n-c b\nz\n' },
      'requirements.txt',
    );
    assert.deepEqual(listed(project), ['b: y runtime', 'c: z runtime', 'requirements.txt: x runtime']);
    assert.deepEqual(problems(project), []);
    assert.deepEqual(
      ['b', 'c'].map((name) => read.filter((path) => path === name).length),
      [1, 1],
    );
  });

  it('lists a file once that is named, walked and included', async () => {
    const { project } = await loaded(
      { 'requirements.txt': '-r ./requirements/../base.txt\n-r base.txt\nx\n', 'base.txt': 'y\n' },
      'base.txt',
      'requirements.txt',
    );
    assert.deepEqual(listed(project), ['base.txt: y runtime', 'requirements.txt: x runtime']);
  });

  it('says of each include that cannot be read where it stands and why', async () => {
    const texts = {
      'requirements.txt':
        '-r https://files.example/r.txt\n-r /etc/passwd\n-r ../outside.txt\n-r gone.txt\n-r ${HOME}/x.txt\n-c big.txt\n-r sub/ok.txt\n',
      '../outside.txt': '!it lies outside the workspace',
      'big.txt': '!it is larger than 5 MB',
      'sub/ok.txt': 'x\n-r gone.txt\n',
    };
    const { project } = await loaded(texts, 'requirements.txt');
    assert.deepEqual(problems(project), [
      'requirements.txt unreadable «https://files.example/r.txt» https://files.example/r.txt is not checked: it is an address, and Merlon reads files of the workspace only',
      'requirements.txt unreadable «/etc/passwd» /etc/passwd is not checked: its path is absolute',
      'requirements.txt unreadable «../outside.txt» ../outside.txt is not checked: it lies outside the workspace',
      'requirements.txt unreadable «gone.txt» gone.txt is not checked: there is no such file',
      'requirements.txt unreadable «${HOME}/x.txt» ${HOME}/x.txt is not checked: its path holds a variable',
      'requirements.txt unreadable «big.txt» big.txt is not checked: it is larger than 5 MB',
      'sub/ok.txt unreadable «gone.txt» gone.txt is not checked: there is no such file',
    ]);
    assert.deepEqual(project.unread(), []);
  });

  it('reads -c files as constraints', async () => {
    const { project } = await loaded({ 'requirements.txt': 'x\n-c pins\n', pins: '-c more\ny<2\n', more: 'z<3\n' }, 'requirements.txt');
    assert.deepEqual(listed(project), ['more: z constraint', 'pins: y constraint', 'requirements.txt: x runtime']);
  });

  it('follows -r below -c: to pip that is a requirement', async () => {
    const { project } = await loaded({ 'requirements.txt': '-c pins\n', pins: '-r base\n', base: 'y\n' }, 'requirements.txt');
    assert.deepEqual(listed(project), ['base: y runtime']);
  });

  it('takes a file for a requirement that any file requires, whatever comes first', async () => {
    for (const first of ['-c both\n-c pins\n-r other\n', '-c pins\n-c both\n-r other\n', '-r other\n-c both\n-c pins\n']) {
      const { project } = await loaded(
        { 'requirements.txt': first, both: 'y\n', pins: '-r both\n', other: '-c both\nz\n' },
        'requirements.txt',
      );
      assert.deepEqual(listed(project), ['both: y runtime', 'other: z runtime'], first);
    }
  });

  it('leaves a requirements file one that another names by -c, as layered files do', async () => {
    const { project } = await loaded(
      { 'requirements.txt': 'x==1\n', 'requirements-dev.in': '-c requirements.txt\ny\n' },
      'requirements-dev.in',
      'requirements.txt',
    );
    assert.deepEqual(listed(project), ['requirements-dev.in: y runtime', 'requirements.txt: x runtime']);
  });

  it('tells of a file that cannot be read, and forgets one that is no more', async () => {
    const made = await loaded(
      { 'requirements.txt': '!permission was denied', 'package.json': '{}' },
      'requirements.txt',
      'package.json',
      'gone-requirements.txt',
    );
    assert.deepEqual(made.project.unread(), [{ path: 'requirements.txt', message: 'permission was denied' }]);
    made.texts['requirements.txt'] = 'x\n';
    delete made.texts['package.json'];
    await made.project.load([entry('requirements.txt'), entry('package.json')]);
    assert.deepEqual(made.project.unread(), []);
    assert.deepEqual(
      made.project.documents().map(({ path }) => path),
      ['requirements.txt'],
    );
  });

  it('reads included files anew as well, and marks one that is gone', async () => {
    const made = await loaded({ 'requirements.txt': '-r base\n', base: 'old\n' }, 'requirements.txt');
    made.texts.base = 'new\n';
    await made.project.load([entry('requirements.txt')]);
    assert.deepEqual(listed(made.project), ['base: new runtime']);
    delete made.texts.base;
    await made.project.load([entry('requirements.txt')]);
    assert.deepEqual(listed(made.project), []);
    assert.match(problems(made.project).join(), /base is not checked: there is no such file/);
    made.texts.base = 'back\n';
    await made.project.load([entry('requirements.txt')]);
    assert.deepEqual([listed(made.project), problems(made.project)], [['base: back runtime'], []]);
  });

  it('reads an included file that has changed as what it was', async () => {
    const made = await loaded({ 'requirements.txt': '-c pins\n', pins: 'x<2\n' }, 'requirements.txt');
    await made.project.load([{ path: 'pins', kind: kindOf('requirements.txt')! }]);
    assert.deepEqual(listed(made.project), ['pins: x constraint']);
    made.project.update({ path: 'pins', kind: kindOf('requirements.txt')! }, 'x<3\n');
    assert.deepEqual(listed(made.project), ['pins: x constraint']);
    made.project.remove('requirements.txt');
    assert.deepEqual(made.project.documents(), []);
  });

  it('follows an edited text: what it includes now, and no longer what it included', async () => {
    const made = await loaded({ 'requirements.txt': '-r a\n', a: 'x\n', b: 'y\n' }, 'requirements.txt');
    made.project.update(entry('requirements.txt'), '-r b\n-r no\n');
    assert.equal(await made.project.follow(), true);
    assert.deepEqual(listed(made.project), ['b: y runtime']);
    assert.match(problems(made.project).join(), /no is not checked/);
    assert.equal(await made.project.follow(), false, 'nothing is new');
    made.project.update(entry('requirements.txt'), '-r b\n');
    await made.project.follow();
    assert.deepEqual(problems(made.project), []);
  });

  it('keeps what it knows of an include while the file is typed in', async () => {
    const made = await loaded({ 'requirements.txt': '-r no\nx\n' }, 'requirements.txt');
    assert.equal(made.project.update(entry('requirements.txt'), '-r no\nxy\n').manifest.problems.length, 1);
  });

  it('forgets a file with all that it alone included, circles too', async () => {
    const made = await loaded(
      { 'requirements.txt': '-r a\n-r shared\n', 'requirements-dev.txt': '-r shared\n', a: '-r b\n', b: '-r a\n', shared: 'x\n' },
      'requirements.txt',
      'requirements-dev.txt',
    );
    assert.deepEqual(made.project.remove('requirements.txt').sort(), ['a', 'b', 'requirements.txt']);
    assert.deepEqual(
      made.project.documents().map(({ path }) => path),
      ['requirements-dev.txt', 'shared'],
    );
    assert.deepEqual(made.project.remove('requirements-dev.txt').sort(), ['requirements-dev.txt', 'shared']);
  });

  it('keeps a file that was closed as long as another includes it', async () => {
    const made = await loaded(
      { 'requirements.txt': '-r base-requirements.txt\n', 'base-requirements.txt': 'x\n' },
      'requirements.txt',
      'base-requirements.txt',
    );
    assert.deepEqual(made.project.remove('base-requirements.txt'), []);
    assert.deepEqual(listed(made.project), ['base-requirements.txt: x runtime']);
  });

  it('lets no late reading overwrite a text that was typed meanwhile', async () => {
    const texts: Record<string, string> = { 'requirements.txt': '-r base\nold\n', base: 'x\n' };
    let open: string | undefined;
    const project: Project = createProject({
      top: '',
      files: {
        async read(path) {
          await Promise.resolve();
          if (path === 'base') {
            open = '-r base\ntyped\n';
            project.update(entry('requirements.txt'), open);
          }
          const text = path === 'requirements.txt' ? (open ?? texts[path]) : texts[path];
          return text === undefined ? { state: 'absent' } : { state: 'text', text };
        },
      },
    });
    await project.load([entry('requirements.txt')]);
    assert.deepEqual(listed(project), ['base: x runtime', 'requirements.txt: typed runtime']);
  });

  it('gives a file one name where it can be reached by several', async () => {
    const texts: Record<string, string> = { '../requirements.txt': '-r here/a.txt\n', 'a.txt': 'x\n' };
    const project = createProject({
      top: '..',
      files: { read: (path) => Promise.resolve(texts[path] === undefined ? { state: 'absent' } : { state: 'text', text: texts[path] }) },
      canonical: (path) => path.replace(/^\.\.\/here\//, ''),
    });
    await project.load([entry('../requirements.txt'), entry('a.txt')]);
    assert.deepEqual(listed(project), ['a.txt: x runtime']);
    assert.deepEqual(problems(project), []);
  });

  it('stands a long chain of includes', async () => {
    const texts: Record<string, string> = { 'requirements.txt': '-r f0\n' };
    for (let n = 0; n < 2000; n++) texts[`f${n}`] = `-r f${n + 1}\n`;
    const { project } = await loaded(texts, 'requirements.txt');
    assert.equal(project.documents().length, 2001);
  });

  describe('with constraints', () => {
    const ranges = (project: Project) =>
      project
        .documents()
        .flatMap(({ path, manifest }) =>
          manifest.declarations.map(({ writtenName, source, bounded }) =>
            [path, writtenName, source.kind === 'registry' ? source.range : source.kind, ...(bounded ? [`by ${bounded.by}`] : [])].join(
              ' ',
            ),
          ),
        );

    it('narrows what a file asks for by those that every install of it heeds, and follows them as they change', async () => {
      const { project } = await loaded(
        { 'requirements.txt': '-c c.txt\n-r base\nx>=1\ny\n', base: 'x>=2\n', 'c.txt': 'x<3\ny==1.5\nz==1\n' },
        'requirements.txt',
      );
      const unbound = ['base x >=2', 'c.txt x <3', 'c.txt y ==1.5', 'c.txt z ==1'];
      assert.deepEqual(ranges(project), [...unbound, 'requirements.txt x >=1,<3 by c.txt', 'requirements.txt y ==1.5 by c.txt']);
      project.update(entry('requirements.txt'), '-c c.txt\n-r base\nx>=1.1\n');
      assert.deepEqual(ranges(project), [...unbound, 'requirements.txt x >=1.1,<3 by c.txt']);
      project.update(entry('requirements.txt'), '-r base\nx>=1.1\n');
      assert.ok(await project.follow());
      assert.deepEqual(ranges(project), ['base x >=2', 'requirements.txt x >=1.1']);
    });

    it('takes those of a file that it requires, and goes through circles once', async () => {
      const { project } = await loaded(
        {
          'requirements.txt': '-r base\nx>=1\n',
          base: '-c c.txt\n-r requirements.txt\n',
          'c.txt': '-c d.txt\n',
          'd.txt': 'x<3\n-c c.txt\n',
        },
        'requirements.txt',
      );
      assert.ok(ranges(project).includes('requirements.txt x >=1,<3 by d.txt'), ranges(project).join('\n'));
    });

    it('leaves alone what they say nothing sure of: a marker, another source, an exact release, a range that is none', async () => {
      const { project } = await loaded(
        {
          'requirements.txt': '-c c.txt\na>=1\nb>=1\nc==1.0\nd\n',
          'c.txt': 'a<2 ; sys_platform == "win32"\nb @ https://x.example/b.whl\nc<2\nd<<1\n',
        },
        'requirements.txt',
      );
      assert.deepEqual(
        ranges(project).filter((line) => line.startsWith('requirements')),
        ['requirements.txt a >=1', 'requirements.txt b >=1', 'requirements.txt c ==1.0', 'requirements.txt d '],
      );
    });

    it('tells of an include that cannot be read once, also where the file is read again', async () => {
      const { project } = await loaded({ 'requirements.txt': '-c gone.txt\nx\n' }, 'requirements.txt');
      await project.load([entry('requirements.txt')]);
      assert.equal(problems(project).length, 1);
    });
  });
});
