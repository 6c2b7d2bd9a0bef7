// What is called of vscode-languageclient, which is most of the client: a file of its own when it is bundled, and read when a server is
// needed. Named one by one, since a bundler can not tell what CommonJS exports.
export {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  WorkDoneProgress,
} from 'vscode-languageclient/node';
