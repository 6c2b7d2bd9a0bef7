import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Folder } from './folder';

/** What the client shows of a file. */
interface Published {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Of the document, where it is open. */
  readonly version: number | undefined;
}

/** The diagnostics at the client: told when they, or the version of the text that they are about, have changed. */
export interface Publisher {
  publish(folder: Folder, path: string, diagnostics: Diagnostic[]): void;
  /** The files of a folder of which the client shows, or may show, something. */
  paths(folder: Folder): readonly string[];
}

/** `versionOf` is that of the open document with this URI. */
export function createPublisher(connection: Connection, versionOf: (uri: string) => number | undefined): Publisher {
  const published = new WeakMap<Folder, Map<string, Published>>();

  const send = (uri: string, diagnostics: Diagnostic[], version?: number) => {
    // A client that is gone hears nothing, and that is no fault of ours.
    connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) }).catch(() => undefined);
  };

  return {
    publish(folder, path, diagnostics) {
      let own = published.get(folder);
      if (!own) published.set(folder, (own = new Map<string, Published>()));
      const uri = folder.uriOf(path);
      const version = versionOf(uri);
      const before = own.get(path);
      // The client may have opened a closed file under another spelling of its address.
      if (before && before.uri !== uri && before.diagnostics.length) send(before.uri, []);
      const shown = before?.uri === uri ? before : undefined;
      if (diagnostics.length || version !== undefined) own.set(path, { uri, diagnostics, version });
      else own.delete(path);
      // Of a new version the client is told in any case: a thousand findings are not compared for nothing.
      const mayBeSame = version === undefined || shown?.version === version;
      if (mayBeSame && JSON.stringify(shown?.diagnostics ?? []) === JSON.stringify(diagnostics)) return;
      send(uri, diagnostics, version);
    },
    paths: (folder) => [...(published.get(folder)?.keys() ?? [])],
  };
}
