@NullMarked
package io.sendense.cloud.reporting;

import org.jspecify.annotations.NullMarked;
