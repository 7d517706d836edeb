package io.tailrace.kit.problem;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.tailrace.kit.json.JsonFaults;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Violated constraints as faults of the input, with the names that the sender used. Pure. */
final class Violations {
    private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    private Violations() {}

    static Problem problem(ConstraintViolationException e, Optional<String> bodyArgument) {
        List<Problem.FieldError> errors = e.getConstraintViolations().stream()
                .map(violation -> error(violation, bodyArgument))
                .sorted(Comparator.comparing(Problem.FieldError::field).thenComparing(Problem.FieldError::message))
                .toList();
        return Problem.invalid(errors);
    }

    static String snakeCase(String javaName) {
        return SNAKE_CASE.translate(javaName);
    }

    private static Problem.FieldError error(ConstraintViolation<?> violation, Optional<String> bodyArgument) {
        String field = field(violation.getPropertyPath(), bodyArgument);
        Object value = violation.getInvalidValue();
        String message = violation.getMessage();
        return new Problem.FieldError(
                field,
                value == null || JsonFaults.isSecret(field)
                        ? message
                        : message + ", found " + JsonFaults.found(field, value));
    }

    /** The path without the method, and without the parameter where it goes on into the parameter's value. */
    private static String field(Path path, Optional<String> bodyArgument) {
        StringBuilder properties = new StringBuilder();
        String parameter = "body";
        for (Path.Node node : path) {
            if (node.getIndex() != null) {
                properties.append('[').append(node.getIndex()).append(']');
            }
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter =
                        bodyArgument.filter(node.getName()::equals).isPresent() ? "body" : snakeCase(node.getName());
            } else if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
                properties.append(properties.isEmpty() ? "" : ".").append(snakeCase(node.getName()));
            }
        }
        return properties.isEmpty() ? parameter : properties.toString();
    }
}
