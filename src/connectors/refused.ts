/** A connector's own refusal of what a statement turned out to be: the connection is fine, and the message is ours. */
export class Refused extends Error {}
