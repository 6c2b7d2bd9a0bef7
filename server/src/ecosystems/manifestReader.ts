import type { ManifestFacts, ManifestReader, ManifestReading } from '../core/manifest';

/** A kind of manifest whose reading is asked for when the first such file is to be read. */
export function manifestReader(facts: ManifestFacts, reading: () => ManifestReading): ManifestReader {
  return {
    ...facts,
    read: (text, context) => reading().read(text, context),
    get sectionHeads() {
      return reading().sectionHeads;
    },
    get edit() {
      return reading().edit;
    },
  };
}
