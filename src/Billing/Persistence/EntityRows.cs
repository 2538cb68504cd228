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

    private readonly Func<NpgsqlDataReader, T> _read;
    private readonly IReadOnlyList<Func<IReadOnlyList<T>, Array>> _values;
    private readonly string _update;

    private EntityRows(IEntityType entity)
    {
        IProperty[] properties = [.. entity.FindPrimaryKey()!.Properties.Concat(entity.GetProperties().Where(property => !property.IsPrimaryKey()))];
        Columns = string.Join(", ", properties.Select(property => property.GetColumnName()));
        _read = Reader(properties);
        _values = [.. properties.Select(Values)];
        var arrays = properties.Select((property, i) => $"${i + 1}::{property.GetColumnType()}[]");
        var changes = properties.Where(property => !property.IsPrimaryKey()).Select(property => $"{property.GetColumnName()} = v.{property.GetColumnName()}");
        var keys = properties.Where(property => property.IsPrimaryKey()).Select(property => $"t.{property.GetColumnName()} = v.{property.GetColumnName()}");
        _update = $"UPDATE {entity.GetTableName()} AS t SET {string.Join(", ", changes)} FROM unnest({string.Join(", ", arrays)}) AS v({Columns}) WHERE {string.Join(" AND ", keys)}";
    }

    /// <summary>All columns, the key first, for a SELECT whose rows go to <see cref="Read"/>.</summary>
    public string Columns { get; }

    public static EntityRows<T> Of(BillingDb db) => _ofModel ??= new EntityRows<T>(db.Model.FindEntityType(typeof(T))!);

    public T Read(NpgsqlDataReader row) => _read(row);

    /// <summary>Writes all columns of all rows. Whoever calls it has them locked since before he read them.</summary>
    public NpgsqlBatchCommand Update(IReadOnlyList<T> rows) => BatchCommands.New(_update, [.. _values.Select(values => (object)values(rows))]);

    private static Func<NpgsqlDataReader, T> Reader(IProperty[] properties)
    {
        var row = Expression.Parameter(typeof(NpgsqlDataReader));
        var bindings = properties.Select((property, i) => Expression.Bind(property.PropertyInfo!, Value(row, property, Expression.Constant(i))));
        return Expression.Lambda<Func<NpgsqlDataReader, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), row).Compile();
    }

    private static Expression Value(ParameterExpression row, IProperty property, ConstantExpression column)
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
