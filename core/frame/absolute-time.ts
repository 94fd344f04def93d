/** The text of a moment under the name that dissectors know it by. @module */
export { utcText as absoluteTimeText } from './time-text.ts';
