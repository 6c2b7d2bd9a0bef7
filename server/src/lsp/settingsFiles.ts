import type { Diagnostic } from 'vscode-languageserver';
import type { ScannedFile, ScannedSettings } from '../core/report';
import { diagnosticOf } from '../render/diagnostics';
import { settingsOf } from '../scan/settingsFindings';
import type { Folder } from './folder';

// Some findings are about a file of settings that lies beside manifests (an .npmrc, a pnpm-workspace.yaml): there they are shown,
// each once, whichever manifests have it.

/** The files of settings in which a manifest finds something. */
export function settingsPaths(file: ScannedFile | undefined): readonly string[] {
  return file?.elsewhere?.length ? [...new Set(file.elsewhere.map((finding) => finding.file))] : [];
}

/** A file of settings with all that the manifests of its folder find in it. */
export function settingsAt({ assessed }: Folder, path: string): ScannedSettings | undefined {
  const files = [...assessed.values()]
    .map(({ file }) => file)
    .filter(({ elsewhere }) => elsewhere?.some((finding) => finding.file === path));
  return files.length ? settingsOf(files).find((settings) => settings.path === path) : undefined;
}

/** What is to be shown in a file of settings; nothing where nothing is found in it any more. */
export function settingsDiagnostics(folder: Folder, path: string): Diagnostic[] {
  const settings = settingsAt(folder, path);
  return settings ? settings.findings.map((finding) => diagnosticOf(finding, settings)) : [];
}
