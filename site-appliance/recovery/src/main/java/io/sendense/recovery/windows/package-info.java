/**
 * What Windows needs to start on other hardware: drivers as their makers pack them (INF files), and
 * the entries of its registry by which it loads them at first start. It reads folders of this host,
 * which are the operator's own, and changes hives that it is given; it writes no file.
 */
@NullMarked
package io.sendense.recovery.windows;

import org.jspecify.annotations.NullMarked;
