import assert from 'node:assert/strict';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { SarifLog, SarifRegion, SarifResult, SarifRun } from '../../server/src/render/sarif/types';

// The schema is of draft 4, of which it uses nothing that draft 7 reads otherwise, but for its names.
const { id, $schema, ...rules } = schema;
// One of its patterns is no regular expression where the flag u is set.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile({ ...rules, $id: id, $comment: $schema });

/** Fails unless the text is a SARIF log by the official schema, and holds what the standard asks in words alone. */
export function assertSarif(text: string): SarifLog {
  const log = JSON.parse(text) as SarifLog;
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 5), undefined, 2));
  for (const run of log.runs) assertRun(run);
  return log;
}

function assertRun(run: SarifRun): void {
  const { rules: known, notifications } = run.tool.driver;
  assert.equal(new Set(known.map(({ id: rule }) => rule)).size, known.length);
  for (const result of run.results) {
    assert.equal(known[result.ruleIndex]?.id, result.ruleId);
    assert.equal(result.level === 'none', result.kind !== 'fail', 'SARIF 3.27.10');
    assert.equal(result.locations.length, 1);
    const ids = (result.relatedLocations ?? []).map((location) => location.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const region of regionsOf(result))
      assert.ok(
        region.endLine > region.startLine || (region.endLine === region.startLine && region.endColumn >= region.startColumn),
        JSON.stringify(region),
      );
    for (const { text } of [result.message, ...(result.fixes ?? []).map(({ description }) => description)]) {
      assert.ok(!/[{}]/.test(text.replaceAll('{{', '').replaceAll('}}', '')), `a brace alone: ${text}`);
      // eslint-disable-next-line no-control-regex
      assert.ok(text !== '' && !/[\u0000-\u001f\u007f\u202e]|\]\(/.test(text), text);
    }
    for (const uri of urisOf(result)) {
      assert.ok(/^(?:[\w.~!'()*-]|%[0-9A-F]{2}|\/)+$/.test(uri) && !uri.startsWith('/'), uri);
      decodeURIComponent(uri);
    }
  }
  // GitHub takes two results of one rule, file and fingerprint for one.
  const keys = run.results.map(({ ruleId, partialFingerprints }) => `${ruleId} ${partialFingerprints.primaryLocationLineHash}`);
  assert.equal(new Set(keys).size, keys.length, 'two results of one fingerprint');
  for (const { toolExecutionNotifications: told, executionSuccessful } of run.invocations) {
    for (const { descriptor } of told) assert.equal(notifications[descriptor.index]?.id, descriptor.id);
    assert.equal(executionSuccessful, !told.some(({ level }) => level === 'error'));
  }
}

function regionsOf({ locations, relatedLocations = [], fixes = [] }: SarifResult): SarifRegion[] {
  return [
    ...[...locations, ...relatedLocations].flatMap(({ physicalLocation: { region } }) => region ?? []),
    ...fixes.flatMap(({ artifactChanges }) =>
      artifactChanges.flatMap(({ replacements }) => replacements.map(({ deletedRegion }) => deletedRegion)),
    ),
  ];
}

function urisOf({ locations, relatedLocations = [], fixes = [] }: SarifResult): string[] {
  return [
    ...[...locations, ...relatedLocations].map(({ physicalLocation }) => physicalLocation.artifactLocation.uri),
    ...fixes.flatMap(({ artifactChanges }) => artifactChanges.map(({ artifactLocation }) => artifactLocation.uri)),
  ];
}

/** The text with a fix of the log done to one of its files, without the product's own line index. */
export function fixedText(text: string, uri: string, fix: NonNullable<SarifResult['fixes']>[number]): string {
  const lines = text.split(/(?<=\r\n|\r(?!\n)|\n)/);
  const offset = (line: number, column: number) => lines.slice(0, line - 1).join('').length + column - 1;
  return fix.artifactChanges
    .filter(({ artifactLocation }) => artifactLocation.uri === uri)
    .flatMap(({ replacements }) => replacements)
    .map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
      start: offset(startLine, startColumn),
      end: offset(endLine, endColumn),
      insert: insertedContent.text,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, insert }) => result.slice(0, start) + insert + result.slice(end), text);
}
