export { exactBytes, formatBytes } from './bytes';
export { formatDecimal, formatMoney, formatPrice } from './money';
export { formatAbsolute, formatDuration, formatRelative, formatRough, formatShort } from './time';
