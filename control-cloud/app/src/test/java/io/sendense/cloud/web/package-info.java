@NullMarked
package io.sendense.cloud.web;

import org.jspecify.annotations.NullMarked;
