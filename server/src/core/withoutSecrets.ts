/**
 * A text as it may be shown: addresses in it without credentials, and without the values of parameters that are named for a
 * secret. The user of an ssh address (`git@`) is none. Linear.
 */
export function withoutSecrets(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(credentials, (whole, scheme: string, userinfo: string) =>
      scheme.toLowerCase().endsWith('ssh://') && !userinfo.includes(':') ? whole : scheme,
    )
    .replace(parameters, '$1***');
}

const credentials = /((?:[a-z][a-z0-9+.-]{0,20})?:\/\/)([^/?#\s"'<>@]{0,2000}(?:@[^/?#\s"'<>@]{0,2000}){0,3})@/gi;
const parameters = /([?&][\w.-]{0,40}(?:token|secret|password|auth|key|sig|signature)=)[^&#\s"'<>]+/gi;
