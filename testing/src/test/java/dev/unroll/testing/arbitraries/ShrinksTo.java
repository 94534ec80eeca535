package dev.unroll.testing.arbitraries;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** The property has to fail, and jqwik has to shrink the failure to the sample given as text. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@AddLifecycleHook(ShrinksTo.Hook.class)
@interface ShrinksTo {

  /** The parameters of the smallest sample, separated by a comma and a blank. */
  String value();

  /** Turns the expected failure into a success and everything else into a failure. */
  final class Hook implements AroundPropertyHook {

    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      String expected =
          Objects.requireNonNull(context.targetMethod().getAnnotation(ShrinksTo.class)).value();
      PropertyExecutionResult result = property.execute();
      List<Object> sample = result.falsifiedParameters().orElse(List.of("no failure"));
      String got = sample.stream().map(Hook::text).collect(Collectors.joining(", "));
      if (got.equals(expected)) {
        return result.mapToSuccessful();
      }
      return result.mapToFailed("shrunk to " + got + ", not to " + expected);
    }

    private static String text(Object value) {
      return value instanceof float[] array
          ? Arrays.toString(array)
          : value instanceof int[] integers ? Arrays.toString(integers) : String.valueOf(value);
    }
  }
}
