/**
 * House rules as tests over the whole tree: what a reviewer would otherwise say again and again.
 *
 * <p>It is not a style guide; CONTRIBUTING.md says why each rule is there.
 */
@NullMarked
package io.sendense.house;

import org.jspecify.annotations.NullMarked;
