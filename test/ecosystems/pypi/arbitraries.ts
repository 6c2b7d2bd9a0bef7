import fc from 'fast-check';

/** Strings from few pieces, so that many of them are nearly, and some are really, what is parsed. */
export function pieces(parts: readonly string[], maximum: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...parts), { maxLength: maximum }).map((chosen) => chosen.join(''));
}

export const versionLike: fc.Arbitrary<string> = fc.oneof(
  pieces(['1', '0', '2', '10', '.', '!', 'a', 'b', 'rc', 'dev', 'post', '-', '_', '+', 'x', ' ', 'v'], 8),
  fc.string(),
  fc
    .tuple(
      fc.constantFrom('', '1!'),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', 'a1', 'b', 'rc2'),
      fc.constantFrom('', '.post1', '-0'),
      fc.constantFrom('', '.dev1', 'dev'),
      fc.constantFrom('', '+a', '+1', '+1.a'),
    )
    .map(([epoch, release, ...rest]) => epoch + release.join('.') + rest.join('')),
);

export const requirementLike: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: pieces(
      [
        'foo',
        'a-b',
        '[x]',
        '[',
        ']',
        '(',
        ')',
        '>=',
        '==',
        '~=',
        '===',
        '1',
        '1.0',
        '.*',
        ',',
        ';',
        '@',
        ' ',
        '\t',
        "os_name=='a'",
        'and',
        '"',
        'https://h/p',
        '#',
        '\\',
        '${V}',
        '-e ',
        '--hash=sha256:ab',
        '\n',
        '\r\n',
        '\f',
        'é',
      ],
      12,
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);
