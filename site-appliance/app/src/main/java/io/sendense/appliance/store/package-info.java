/**
 * Which store a name for a repository means, and how it is opened: the one place that reads such
 * names.
 */
@NullMarked
package io.sendense.appliance.store;

import org.jspecify.annotations.NullMarked;
