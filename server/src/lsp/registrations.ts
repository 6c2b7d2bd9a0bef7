import {
  CodeActionKind,
  CodeActionRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { ecosystems, kindOf } from '../ecosystems';
import { policyFileName } from '../scan/policies';
import { watchers } from './watchers';

/** Tells the client, where it can be told, what else the server wants to hear of. */
export async function registerMore({ client }: Connection, { workspace, textDocument, experimental }: ClientCapabilities): Promise<void> {
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration)
    await client.register(DidChangeWatchedFilesNotification.type, { watchers: watchers() });
  if (workspace?.didChangeConfiguration?.dynamicRegistration)
    await client.register(DidChangeConfigurationNotification.type, { section: 'merlon' });
  // A client sends each change once for every registration that fits. Ours chooses the policy by itself, as a reason to start.
  const chosen = (experimental as { merlonPolicyFile?: boolean } | undefined)?.merlonPolicyFile ? policyFileName : undefined;
  const documentSelector = besideManifests()
    .filter((name) => name !== chosen)
    .map((name) => ({ pattern: `**/${name}` }));
  if (textDocument?.synchronization?.dynamicRegistration) {
    await client.register(DidOpenTextDocumentNotification.type, { documentSelector });
    await client.register(DidChangeTextDocumentNotification.type, { documentSelector, syncKind: TextDocumentSyncKind.Incremental });
    await client.register(DidCloseTextDocumentNotification.type, { documentSelector });
  }
  if (textDocument?.codeAction?.dynamicRegistration)
    await client.register(CodeActionRequest.type, { documentSelector, codeActionKinds: [CodeActionKind.QuickFix] });
}

/**
 * The files in which findings may lie although they are no manifests: the policy, and settings of package managers. A client
 * chooses documents by the manifests that it knows, and would keep these to itself.
 */
export function besideManifests(): readonly string[] {
  const names = ecosystems.flatMap(({ manifests }) =>
    manifests.flatMap(({ companions, rootCompanions = [] }) => [...companions, ...rootCompanions]),
  );
  return [...new Set([policyFileName, ...names])].filter((name) => !kindOf(name));
}
