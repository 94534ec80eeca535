package dev.unroll.bench.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Measurements and curves as they come in: what was measured in several JVMs comes together. */
public final class Results {

  private final Map<String, Measurement> measurements = new LinkedHashMap<>();
  private final List<Curve> curves = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Adds a measurement to those of the same key. */
  public void add(Measurement measurement) {
    measurements.merge(measurement.key(), measurement, Measurement::merge);
  }

  /** Adds a measurement in place of one of the same key. */
  public void replace(Measurement measurement) {
    measurements.put(measurement.key(), measurement);
  }

  /** Replaces each measurement by another one of the same key. */
  public void replaceAll(UnaryOperator<Measurement> with) {
    measurements.replaceAll((key, measurement) -> with.apply(measurement));
  }

  /** Adds a curve. */
  public void add(Curve curve) {
    curves.add(curve);
  }

  /** Adds a line that readers should see, once. */
  public void note(String line) {
    if (!notes.contains(line)) {
      notes.add(line);
    }
  }

  /** Adds all that another JVM has measured. */
  public void addAll(Results other) {
    other.measurements.values().forEach(this::add);
    other.curves.forEach(this::add);
    other.notes.forEach(this::note);
  }

  /** All measurements in the order in which they were first seen. */
  public List<Measurement> measurements() {
    return List.copyOf(measurements.values());
  }

  /** Those of one group. */
  public List<Measurement> group(String group) {
    return measurements.values().stream().filter(m -> m.group().equals(group)).toList();
  }

  /** One of them. */
  public Optional<Measurement> find(String group, String subject, String contender) {
    return Optional.ofNullable(measurements.get(group + "/" + subject + "/" + contender));
  }

  /** The curves of one group. */
  public List<Curve> curves(String group) {
    return curves.stream().filter(c -> c.group().equals(group)).toList();
  }

  /** All curves. */
  public List<Curve> curves() {
    return List.copyOf(curves);
  }

  /** Lines that readers should see. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The subjects of a group, in order, each once. */
  public Stream<String> subjects(String group) {
    return group(group).stream().map(Measurement::subject).distinct();
  }
}
