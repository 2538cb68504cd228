using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Billing.Persistence;

/// <summary>
/// Rows of one entity for the statements that are written out because many rows, or several tables, are to travel in one round trip: its
/// columns, a reader of them, and an update of many rows at once. Names, conversions and nullability are the model's.
/// </summary>
internal sealed class EntityRows<T> where T : class
{
    private static EntityRows<T>? _ofModel;

    private readonly Func<NpgsqlDataReader, int, T> _read;
    private readonly IReadOnlyList<Func<IReadOnlyList<T>, Array>> _values;
    private readonly IReadOnlyList<IProperty> _properties;
    private readonly string _table;
    private readonly Func<T, T> _copy;
    private readonly Func<T, T, ulong> _changes;
    private readonly ConcurrentDictionary<ulong, string> _updates = [];

    /// <summary>Of columns that are written together, so that their statements stay prepared. Whatever differs from all of them writes all columns.</summary>
    private const int MostCombinations = 24;

    private EntityRows(IEntityType entity)
    {
        IProperty[] properties = [.. entity.FindPrimaryKey()!.Properties.Concat(entity.GetProperties().Where(property => !property.IsPrimaryKey()))];
        // More would not fit into the bits of Changes, and a change would be lost.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(properties.Length, 64);
        (_properties, _table) = (properties, entity.GetTableName()!);
        Columns = string.Join(", ", properties.Select(property => property.GetColumnName()));
        _read = Reader(properties);
        (_copy, _changes) = (Copier(properties), Changes(properties));
        _values = [.. properties.Select(Values)];
    }

    /// <summary>All columns, the key first, for a SELECT whose rows go to <see cref="Read(NpgsqlDataReader)"/>.</summary>
    public string Columns { get; }

    public static EntityRows<T> Of(BillingDb db) => _ofModel ??= new EntityRows<T>(db.Model.FindEntityType(typeof(T))!);

    public T Read(NpgsqlDataReader row) => _read(row, 0);

    /// <summary>The same where the columns begin further on, after those of other tables.</summary>
    public T Read(NpgsqlDataReader row, int from) => _read(row, from);

    /// <summary>How many columns.</summary>
    public int Width => _properties.Count;

    /// <summary>The row's values as they are now, to be compared with later.</summary>
    public T Copy(T row) => _copy(row);

    /// <summary>The columns, a bit each, in which a row is not as it was; 0 if it is.</summary>
    public ulong Changes(T row, T before) => _changes(row, before);

    /// <summary>Writes these columns of all rows. Whoever calls it has the rows locked since before he read them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">All that changed in any of them.</param>
    public NpgsqlBatchCommand Update(IReadOnlyList<T> rows, ulong columns)
    {
        columns = _updates.Count < MostCombinations || _updates.ContainsKey(columns) ? columns : ulong.MaxValue;
        var written = Enumerable.Range(0, _properties.Count).Where(i => _properties[i].IsPrimaryKey() || (columns >> i & 1) == 1).ToList();
        var sql = _updates.GetOrAdd(columns, _ => UpdateOf([.. written.Select(i => _properties[i])]));
        return BatchCommands.New(sql, [.. written.Select(i => (object)_values[i](rows))]);
    }

    private string UpdateOf(IProperty[] written)
    {
        var names = written.Select(property => property.GetColumnName());
        var arrays = written.Select((property, i) => $"${i + 1}::{property.GetColumnType()}[]");
        var changes = written.Where(property => !property.IsPrimaryKey()).Select(property => $"{property.GetColumnName()} = v.{property.GetColumnName()}");
        var keys = written.Where(property => property.IsPrimaryKey()).Select(property => $"t.{property.GetColumnName()} = v.{property.GetColumnName()}");
        return $"UPDATE {_table} AS t SET {string.Join(", ", changes)} FROM unnest({string.Join(", ", arrays)}) AS v({string.Join(", ", names)}) WHERE {string.Join(" AND ", keys)}";
    }

    private static Func<NpgsqlDataReader, int, T> Reader(IProperty[] properties)
    {
        var (row, from) = (Expression.Parameter(typeof(NpgsqlDataReader)), Expression.Parameter(typeof(int)));
        var bindings = properties.Select((property, i) => Expression.Bind(
            property.PropertyInfo!, Value(row, property, Expression.Add(from, Expression.Constant(i)))));
        return Expression.Lambda<Func<NpgsqlDataReader, int, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), row, from).Compile();
    }

    private static Func<T, T> Copier(IProperty[] properties)
    {
        var row = Expression.Parameter(typeof(T));
        var bindings = properties.Select(property => Expression.Bind(property.PropertyInfo!, Expression.Property(row, property.PropertyInfo!)));
        return Expression.Lambda<Func<T, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), row).Compile();
    }

    private static Func<T, T, ulong> Changes(IProperty[] properties)
    {
        var (row, before) = (Expression.Parameter(typeof(T)), Expression.Parameter(typeof(T)));
        var bits = properties.Select((property, i) => Expression.Condition(
            Expression.Equal(Expression.Property(row, property.PropertyInfo!), Expression.Property(before, property.PropertyInfo!)),
            Expression.Constant(0UL), Expression.Constant(1UL << i)));
        return Expression.Lambda<Func<T, T, ulong>>(bits.Aggregate<Expression>(Expression.Or), row, before).Compile();
    }

    private static Expression Value(ParameterExpression row, IProperty property, BinaryExpression column)
    {
        var converter = property.GetTypeMapping().Converter;
        Expression value = Expression.Call(row, nameof(NpgsqlDataReader.GetFieldValue), [StoredType(property)], column);
        value = converter is null ? value : Expression.Invoke(converter.ConvertFromProviderExpression, value);
        value = Expression.Convert(value, property.ClrType);
        return property.IsNullable
            ? Expression.Condition(Expression.Call(row, nameof(NpgsqlDataReader.IsDBNull), null, column), Expression.Default(property.ClrType), value)
            : value;
    }

    private static Func<IReadOnlyList<T>, Array> Values(IProperty property)
    {
        var stored = StoredType(property);
        var element = stored.IsValueType && property.IsNullable ? typeof(Nullable<>).MakeGenericType(stored) : stored;
        var of = typeof(EntityRows<T>).GetMethod(nameof(ValuesOf), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element);
        return (Func<IReadOnlyList<T>, Array>)of.Invoke(null, [property])!;
    }

    private static Func<IReadOnlyList<T>, Array> ValuesOf<TElement>(IProperty property)
    {
        var entity = Expression.Parameter(typeof(T));
        Expression value = Expression.Property(entity, property.PropertyInfo!);
        if (property.GetTypeMapping().Converter is { } converter)
        {
            var present = Expression.Convert(value, converter.ModelClrType);
            var converted = Expression.Convert(Expression.Invoke(converter.ConvertToProviderExpression, present), typeof(TElement));
            value = property.IsNullable
                ? Expression.Condition(Expression.Equal(value, Expression.Default(property.ClrType)), Expression.Default(typeof(TElement)), converted)
                : converted;
        }
        var get = Expression.Lambda<Func<T, TElement>>(value, entity).Compile();
        return rows => rows.Select(get).ToArray();
    }

    private static Type StoredType(IProperty property) =>
        property.GetTypeMapping().Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
}

/// <summary>Rows that are not as they were read, and the columns of <see cref="EntityRows{T}.Changes(T, T)"/> in which any of them is not.</summary>
internal sealed record ChangedRows<T>(List<T> Rows, ulong Columns)
{
    public static readonly ChangedRows<T> None = new([], 0);
}
