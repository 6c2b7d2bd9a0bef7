import { textAt } from '../../core/span';
import { tomlSpan, type TomlTable } from '../../syntax/toml';
import { normalizeName } from './name';
import { escapesFreeze, invalid, pairPlace, type PyprojectDetail, type Reading, type Section } from './pyprojectReading';
import { stripped } from './pythonText';
import { sourceOfUrl } from './sourceUrl';
import { parseSpecifiers } from './specifier';
import { parseVersion } from './version';

/** `[tool.pdm.resolution.overrides]`: `name = "1.2.3"`, a specifier set, or the URL of a file. */
export function readPdmOverrides(table: TomlTable, section: Section, reading: Reading): void {
  for (const { key, value, pair } of table.entries) {
    if (value.kind === 'unreadable') continue;
    if (value.kind !== 'string' || !pair) {
      invalid(
        reading,
        value.kind === 'tables' || !pair ? key.span : tomlSpan(value),
        'PDM needs a version, a range or a URL in quotes here',
      );
      continue;
    }
    const inner = stripped(value.value);
    const text = value.value.slice(inner.start, inner.end);
    const link = /^[a-z][a-z0-9+.-]*:/i.test(text) ? sourceOfUrl(text) : undefined;
    const range = parseVersion(text) ? `==${text}` : parseSpecifiers(text) && text;
    if (!link && range === undefined) invalid(reading, value.span, 'This is neither a version nor a range of versions');
    const written = stripped(reading.text, value.content.start, value.content.end);
    const specifier = link ? '' : textAt(reading.text, written);
    const frozen = value.offsets || !key.verbatim ? escapesFreeze : undefined;
    const place = pairPlace(table, pair);
    const detail: PyprojectDetail = {
      ...(place && { place }),
      value: { notation: 'pdm', ...(!link && { pin: { span: value.content, before: '', after: '' } }) },
    };
    reading.declarations.push({
      package: { ecosystem: 'PyPI', name: normalizeName(key.name) },
      writtenName: textAt(reading.text, key.content),
      source: link?.source ?? { kind: 'registry', range: range ?? text },
      ...section,
      specifier,
      spans: { entry: pair.span, name: key.content, ...(specifier !== '' && { range: written }) },
      extras: [],
      hashes: link?.hashes ?? [],
      ...(frozen !== undefined && { frozen }),
      notes: [],
      detail,
    });
  }
}
