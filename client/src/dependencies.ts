import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  DEPENDENCIES,
  DEPENDENCY,
  type DependenciesParams,
  type DependencyLocation,
  type DependencyNode,
  type DependencyParams,
  type DependencyResult,
} from '../../server/src/lsp/messages';
import type { Texts } from './texts';

/** What the view shows, level by level. */
export interface Dependencies extends vscode.TreeDataProvider<DependencyNode> {
  getTreeItem(node: DependencyNode): vscode.TreeItem;
  getChildren(parent?: DependencyNode): Promise<DependencyNode[]>;
}

/** The view *Merlon: Dependencies*: it asks for what is unfolded, and shows what the server says. */
export interface DependenciesView extends vscode.Disposable {
  readonly provider: Dependencies;
  /** Takes this client for the one to ask; without one the view is hidden. */
  follow(client: LanguageClient | undefined): void;
  /** What was shown may be old: the view asks anew for what can be seen, and gives up what it is still waiting for. */
  refresh(): void;
}

export function createDependencies(texts: Texts, output: vscode.LogOutputChannel): DependenciesView {
  const changed = new vscode.EventEmitter<void>();
  let client: LanguageClient | undefined;
  let waiting = new vscode.CancellationTokenSource();

  const refresh = () => {
    waiting.cancel();
    waiting.dispose();
    waiting = new vscode.CancellationTokenSource();
    changed.fire();
  };
  const provider: Dependencies = {
    onDidChangeTreeData: changed.event,
    getTreeItem,
    getChildren: async (parent) => {
      if (!client?.isRunning()) return [];
      const { token } = waiting;
      const params: DependenciesParams = parent ? { parent: parent.id } : {};
      try {
        return await client.sendRequest<DependencyNode[]>(DEPENDENCIES, params, token);
      } catch (error) {
        if (!token.isCancellationRequested) output.warn(`The dependencies could not be listed: ${String(error)}`);
        return [];
      }
    },
  };
  const details = async ({ id }: DependencyNode): Promise<DependencyResult> => {
    const result = await client?.sendRequest<DependencyResult | null>(DEPENDENCY, { id } satisfies DependencyParams);
    if (!result) throw new Error('It is no longer there.');
    return result;
  };
  const command = (id: string, action: (node: DependencyNode) => Promise<unknown>) =>
    vscode.commands.registerCommand(id, async (node?: DependencyNode) => {
      const chosen = node ?? view.selection[0];
      if (!chosen) return;
      try {
        await action(chosen);
      } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    });

  const view = vscode.window.createTreeView('merlon.dependencies', { treeDataProvider: provider, showCollapseAll: true });
  const registered = vscode.Disposable.from(
    changed,
    view,
    command('merlon.openDependency', async (node) => {
      const location = node.location ?? (await details(node)).location;
      if (location) await open(location);
    }),
    command('merlon.whyHere', async (node) => {
      const { name, why } = await details(node);
      await texts.show(`Why is ${name} here`, why);
    }),
  );
  return {
    provider,
    follow: (next) => {
      client = next;
      void vscode.commands.executeCommand('setContext', 'merlon.running', next !== undefined);
      refresh();
    },
    refresh,
    dispose: () => {
      waiting.cancel();
      waiting.dispose();
      registered.dispose();
    },
  };
}

const icons = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  information: new vscode.ThemeIcon('info'),
  hint: new vscode.ThemeIcon('lightbulb'),
} as const;
const plainIcons = {
  manifest: new vscode.ThemeIcon('file'),
  declaration: new vscode.ThemeIcon('package'),
  release: new vscode.ThemeIcon('package'),
} as const;

function getTreeItem(node: DependencyNode): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(node.label, node.hasChildren ? Collapsed : None);
  item.id = node.id;
  item.description = node.description;
  // A string is shown as it is; only a MarkdownString would be read.
  item.tooltip = node.tooltip;
  item.iconPath = node.severity ? icons[node.severity] : plainIcons[node.kind];
  item.contextValue = node.kind;
  item.command = { title: 'Go to where it stands', command: 'merlon.openDependency', arguments: [node] };
  const said = node.severity ? `, ${node.severity}` : '';
  item.accessibilityInformation = { label: `${node.label} ${node.description}${said}` };
  return item;
}

async function open({ uri, range: { start, end } }: DependencyLocation): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection, preview: true, preserveFocus: true });
}
