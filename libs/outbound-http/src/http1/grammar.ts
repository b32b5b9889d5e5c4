/** The letters of RFC 9110 and 9112 as sources of regular expressions, over text decoded as latin1. */
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const VALUE = '[\\t\\x20-\\x7e\\x80-\\xff]*';
/** What is no white space, no control character and no colon: more than the standard allows in a name. */
const ANY_NAME = '[!-9;-~]+';

const STATUS_LINE = `HTTP/1\\.[01] [1-9]\\d\\d(?: ${VALUE})?\\r\\n`;

/** A whole head, without the empty line at its end. No line can be read in two ways, so it takes linear time. */
export const HEAD = new RegExp(`^${STATUS_LINE}(?:${TOKEN}:${VALUE}\\r\\n)*$`);
export const TOLERANT_HEAD = new RegExp(`^${STATUS_LINE}(?:${ANY_NAME}:${VALUE}\\r\\n)*$`);

export const FIELD_LINE = new RegExp(`^${TOKEN}:${VALUE}\\r\\n$`);
/** Thirteen digits: a size that a number holds exactly. */
export const CHUNK_SIZE_LINE = new RegExp(`^([0-9A-Fa-f]{1,13})(?:;${VALUE})?\\r\\n$`);

export const FIELD_NAME = new RegExp(`^${TOKEN}$`);
export const FIELD_VALUE = new RegExp(`^${VALUE}$`);
