import { fixupSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';

// Of the library only what writes JSON: its index would bring XML, validators and readers of package.json along.
export * as Enums from '@cyclonedx/cyclonedx-library/Enums';
export * as Models from '@cyclonedx/cyclonedx-library/Models';
export * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
export * as Spec from '@cyclonedx/cyclonedx-library/Spec';

/** SPDX's spelling of a license's id. The library looks it up in an object that has `constructor` and `__proto__` as well. */
export function canonicalLicense(id: string): string | undefined {
  const found: unknown = fixupSpdxId(id);
  return typeof found === 'string' ? found : undefined;
}
