import * as vscode from 'vscode';
import type { Environment } from '../../server/src/lsp/messages';

/** What only VS Code knows of the network and of trust. */
export function readEnvironment(): Environment {
  const http = vscode.workspace.getConfiguration('http');
  const on = http.get<string>('proxySupport', 'override') !== 'off';
  return {
    trusted: vscode.workspace.isTrusted,
    proxy: (on && http.get<string | null>('proxy', null)) || '',
    noProxy: http.get<string[]>('noProxy', []),
    strictSSL: http.get<boolean>('proxyStrictSSL', true),
  };
}

/** Calls with the new values whenever one of them changes. */
export function followEnvironment(changed: (environment: Environment) => void): vscode.Disposable {
  const keys = ['http.proxy', 'http.noProxy', 'http.proxyStrictSSL', 'http.proxySupport'];
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed(readEnvironment())),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (keys.some((key) => event.affectsConfiguration(key))) changed(readEnvironment());
    }),
  );
}
