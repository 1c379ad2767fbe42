/** Over the last lines of the answer, which the page and its script write. */
export const TO_VENDOR = 'Then vendor it';
export const FROM_INDEX = 'From PyPI, if it is pure Python';
